import { createJobsClient, httpTransport } from "@beckon/client";
import { BeckonClient, type InvokeOptions, invokeTrigger, type RunResult } from "@beckon/core";
import { bindJob, fromWireError } from "@beckon/core/runtime";
import type { Store } from "@beckon/engine";
import { startTestServer, type TestServer } from "@beckon/server/testing";
import { createTemporaryDatabase } from "@beckon/sqlite/testing";
import { createTRPCClient, httpLink, TRPCClientError } from "@trpc/client";
import superjson from "superjson";
import { z } from "zod";

const client = new BeckonClient({ id: "tests" });

const payload = z.object({ name: z.string(), tags: z.array(z.object({ label: z.string() })).default([]) });

const greet = client.defineJob({
  id: "greet",
  name: "Greet",
  version: "1.0.0",
  trigger: invokeTrigger({ schema: payload }),
  errors: { UNKNOWN: z.object({ name: z.string() }) },
  run: async ({ name, tags }, _io, ctx) => {
    if (name === "nobody") throw ctx.errors.UNKNOWN({ name });
    return { text: `Hello, ${name}`, labels: tags.map(({ label }) => label), context: ctx.event.context };
  },
});

/** What the tests send through each door: types are checked elsewhere, here also what types would refuse is sent. */
export interface Sent {
  readonly payload: unknown;
  readonly options?: InvokeOptions;
}

/** A way to the job. Resolves with the id of the run; a refusal is told as `{ code, issues, … }`. */
export type Door = (sent: Sent) => Promise<string>;

interface Call {
  readonly payload: never;
  readonly options: InvokeOptions | undefined;
}

/** A job that invokes the other one from inside a run, and says what came of it. */
const caller = client.defineJob({
  id: "caller",
  name: "Caller",
  version: "1.0.0",
  trigger: invokeTrigger(),
  run: async ({ payload: sent, options }: Call) =>
    greet.invoke(sent, options).then(
      ({ id }) => ({ id }),
      (error: object) => ({ refusal: { ...error, message: Reflect.get(error, "message") } }),
    ),
});

const jobs = { greet, caller };

export interface Doors extends AsyncDisposable {
  readonly server: TestServer<typeof jobs>;
  /** That of the server: it tells what no door shows. */
  readonly store: Store;
  readonly doors: Readonly<Record<string, Door>>;
}

/** One server, and every way to one of its jobs. */
export async function openDoors(): Promise<Doors> {
  const database = await createTemporaryDatabase();
  const store = await database.open();
  const server = await startTestServer({ jobs, database: store });
  const { url } = server;
  const typed = createJobsClient<typeof jobs>({ url });
  const remote = bindJob(greet, httpTransport({ url }));
  const trpc = createTRPCClient<typeof server.router>({
    links: [httpLink({ url: `${url}/trpc`, transformer: superjson })],
  });
  const inProcess = server.router.createCaller({});
  return {
    server,
    store,
    doors: {
      "job in a backend": async (sent) => (await greet.invoke(...toArguments(sent))).id,
      "job in another backend": async (sent) => (await remote.invoke(...toArguments(sent))).id,
      "job in a job": (sent) => viaJob(server, sent),
      "typed client": async (sent) => (await typed.greet.invoke(...toArguments(sent))).id,
      "plain tRPC client": async (sent) => (await trpc.jobs.greet.invoke.mutate(sent as never)).id,
      createCaller: async (sent) => (await inProcess.jobs.greet.invoke(sent as never)).id,
      REST: (sent) => viaRest(url, sent),
    },
    [Symbol.asyncDispose]: async () => {
      await server[Symbol.asyncDispose]();
      await database[Symbol.asyncDispose]();
    },
  };
}

function toArguments({ payload: sent, options }: Sent): [never, InvokeOptions | undefined] {
  return [sent as never, options];
}

async function viaJob(server: TestServer<typeof jobs>, sent: Sent): Promise<string> {
  const run = await server.jobs.caller.invoke(sent);
  const output: { id?: string; refusal?: object } = await run.output();
  if (output.id === undefined) throw Object.assign(new Error("refused"), output.refusal);
  return output.id;
}

async function viaRest(url: string, { payload: sent, options }: Sent): Promise<string> {
  const response = await fetch(`${url}/api/v1/jobs/greet/invoke`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ payload: sent, options }),
  });
  const body = (await response.json()) as { readonly id: string; readonly error?: object };
  if (body.error !== undefined) throw Object.assign(new Error("refused"), body.error, { status: response.status });
  return body.id;
}

/** What a refusal says, whichever class this door's caller sees. */
export function readRefusal(error: unknown): object {
  if (error instanceof TRPCClientError) return withMessage(fromWireError(error.data.beckon));
  // By its name: this folder's copy of tRPC is another than the router's where their peers differ.
  return withMessage(error instanceof Error && error.name === "TRPCError" ? error.cause : error);
}

function withMessage(error: unknown): object {
  if (error instanceof Error) return Object.assign({}, error, { message: error.message });
  throw new Error(`No refusal of Beckon's: ${String(error)}`);
}

/** What a result says beside its id and its times. */
export function readResult(result: RunResult<unknown, unknown>): object {
  const { ok, status, job } = result;
  return result.ok ? { ok, status, job, output: result.output } : { ok, status, job, error: result.error };
}
