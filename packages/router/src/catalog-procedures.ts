import type { AnyJob } from "@beckon/core";
import { NotFoundError, type RetryPolicy } from "@beckon/core/runtime";
import type { JobView, RunSummary } from "@beckon/engine";
import type { TRPCMutationProcedure, TRPCQueryProcedure } from "@trpc/server";
import { type ActivityProcedures, buildActivityProcedures } from "./activity-procedures.ts";
import { checkAllowed } from "./authorize.ts";
import type { InvokeOutput, RunInput } from "./call-shapes.ts";
import { type JsonSchema, toJsonSchema } from "./json-schema.ts";
import { jobInput } from "./procedure-inputs.ts";
import { checkJobCall, type RouterParts } from "./router-parts.ts";
import { isRefusedCaller } from "./trpc-errors.ts";

/** The calls about jobs. */
export type CatalogProcedures = ActivityProcedures & {
  list: TRPCQueryProcedure<{ input: void; output: readonly CatalogEntry[]; meta: object }>;
  get: TRPCQueryProcedure<{ input: RunInput; output: CatalogDetail; meta: object }>;
  /** None of the job's runs starts until `resume`; those executing go on. */
  pause: TRPCMutationProcedure<{ input: RunInput; output: InvokeOutput; meta: object }>;
  resume: TRPCMutationProcedure<{ input: RunInput; output: InvokeOutput; meta: object }>;
};

/** A job in the list. */
export interface CatalogEntry extends JobView {
  /** Under which names it is exported, and so called: `jobs.<name>.invoke`. */
  readonly exportNames: readonly string[];
}

/** A job with all that its definition says. */
export interface CatalogDetail extends CatalogEntry {
  /** What a caller may send; null where the schema's library cannot tell. */
  readonly inputSchema: JsonSchema | null;
  /** The data of each declared error. */
  readonly errorSchemas: Readonly<Record<string, JsonSchema | null>>;
  readonly examples: readonly CatalogExample[];
  readonly retry: RetryPolicy | null;
  /** Which of the two are told of its ends. */
  readonly hooks: readonly ("onSuccess" | "onFailure")[];
  readonly maxDurationMs: number | null;
  readonly ttlMs: number | null;
  readonly concurrencyLimit: { readonly id: string; readonly limit: number } | null;
  readonly recentRuns: readonly RunSummary[];
}

export interface CatalogExample {
  readonly id: string;
  readonly name: string;
  readonly payload: unknown;
  readonly icon: string | null;
}

const RECENT_RUNS = 10;

export function buildCatalogProcedures(parts: RouterParts): CatalogProcedures {
  const { asking, taking } = parts;
  const ofJob = taking<RunInput>(jobInput);
  const setPaused = (action: "pause" | "resume") =>
    ofJob.mutation(async ({ input: { id }, ctx }) => {
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
      await checkJobCall(parts, ctx, { jobId: id, action: "read" });
      return readDetail(id, parts);
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

async function readDetail(jobId: string, parts: RouterParts): Promise<CatalogDetail> {
  const entry = (await listEntries(parts)).find(({ id }) => id === jobId);
  const job = [...parts.jobs.values()].find(({ id }) => id === jobId);
  if (entry === undefined || job === undefined) {
    throw new NotFoundError(`There is no job "${jobId}" here: catalog.list names those there are.`);
  }
  const { runs } = await parts.engine().listRuns({ job: jobId, limit: RECENT_RUNS });
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
