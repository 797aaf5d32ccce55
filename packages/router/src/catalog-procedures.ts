import type { AnyJob } from "@beckon/core";
import {
  type ById,
  type CatalogDetail,
  type CatalogEntry,
  NotFoundError,
  type RunListQuery,
} from "@beckon/core/runtime";
import type { TRPCMutationProcedure, TRPCQueryProcedure } from "@trpc/server";
import { type ActivityProcedures, buildActivityProcedures } from "./activity-procedures.ts";
import { checkAllowed } from "./authorize.ts";
import { toJsonSchema } from "./json-schema.ts";
import { jobInput } from "./procedure-inputs.ts";
import { checkJobCall, type RouterParts } from "./router-parts.ts";
import { isRefusedCaller } from "./trpc-errors.ts";

/** The calls about jobs. */
export type CatalogProcedures = ActivityProcedures & {
  list: TRPCQueryProcedure<{ input: void; output: readonly CatalogEntry[]; meta: object }>;
  get: TRPCQueryProcedure<{ input: ById; output: CatalogDetail; meta: object }>;
  /** None of the job's runs starts until `resume`; those executing go on. */
  pause: TRPCMutationProcedure<{ input: ById; output: ById; meta: object }>;
  resume: TRPCMutationProcedure<{ input: ById; output: ById; meta: object }>;
};

const RECENT_RUNS = 10;

export function buildCatalogProcedures(parts: RouterParts): CatalogProcedures {
  const { asking, taking } = parts;
  const ofJob = taking<ById>(jobInput);
  const setPaused = (action: "pause" | "resume") =>
    ofJob.mutation(async ({ input: { id }, ctx }) => {
      if (parts.scope()?.has(id) === false) throw notFound(id);
      await checkJobCall(parts, ctx, { jobId: id, action });
      await parts.engine().setJobPaused({ jobId: id, isPaused: action === "pause" });
      return { id };
    });
  return {
    ...buildActivityProcedures(parts),
    list: asking(async ({ ctx }) => {
      const entries = await listEntries(parts);
      const readable = await Promise.all(entries.map((entry) => mayRead(entry.id, ctx, parts)));
      return entries.filter((_entry, index) => readable[index]);
    }),
    get: ofJob.query(async ({ input: { id }, ctx }) => {
      const query = { job: id, limit: RECENT_RUNS };
      await checkJobCall(parts, ctx, { jobId: id, action: "read", query });
      return readDetail(id, query, parts);
    }),
    pause: setPaused("pause"),
    resume: setPaused("resume"),
  };
}

async function mayRead(jobId: string, ctx: object, { authorize }: RouterParts): Promise<boolean> {
  if (authorize === undefined) return true;
  try {
    await checkAllowed(authorize, { ctx, job: { id: jobId }, action: "read" });
    return true;
  } catch (error) {
    // Refused, in whichever way the host refuses: it is left out of the list. A list that is short because of a failure says nothing.
    if (isRefusedCaller(error)) return false;
    throw error;
  }
}

/** Jobs that this router serves, in the order of their exports; the engine may know others. */
async function listEntries(parts: RouterParts): Promise<readonly CatalogEntry[]> {
  const views = new Map((await parts.engine().listJobs()).map((view) => [view.id, view]));
  return [...namesById(parts)].flatMap(([id, exportNames]) => {
    const view = views.get(id);
    return view === undefined ? [] : [{ ...view, exportNames }];
  });
}

function namesById({ jobs }: RouterParts): ReadonlyMap<string, readonly string[]> {
  const byId = Map.groupBy(jobs, ([, job]) => job.id);
  return new Map([...byId].map(([id, entries]) => [id, entries.map(([name]) => name)]));
}

async function readDetail(jobId: string, query: RunListQuery, parts: RouterParts): Promise<CatalogDetail> {
  const entry = (await listEntries(parts)).find(({ id }) => id === jobId);
  const job = [...parts.jobs.values()].find(({ id }) => id === jobId);
  if (entry === undefined || job === undefined) {
    throw notFound(jobId);
  }
  const { runs } = await parts.engine().listRuns(query);
  return { ...entry, ...describe(job), recentRuns: runs };
}

function describe({ definition }: AnyJob): Omit<CatalogDetail, keyof CatalogEntry | "recentRuns"> {
  const { schema, errors, examples, retry, maxDurationMs, ttlMs, concurrencyLimit } = definition;
  return {
    inputSchema: toJsonSchema(schema),
    errorSchemas: Object.fromEntries(Object.entries(errors).map(([code, data]) => [code, toJsonSchema(data)])),
    examples: examples.map(({ id, name, payload, icon = null }) => ({ id, name, payload, icon })),
    retry: retry === null ? null : { ...retry },
    hooks: (["onSuccess", "onFailure"] as const).filter((hook) => definition[hook] !== undefined),
    maxDurationMs,
    ttlMs,
    concurrencyLimit,
  };
}

function notFound(jobId: string): NotFoundError {
  return new NotFoundError(`There is no job "${jobId}" here: catalog.list names those there are.`);
}
