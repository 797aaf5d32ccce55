import { type CatalogCalls, createJobCalls, remotePlace, type RunCalls, type Transport } from "@beckon/core/runtime";
import { type Connection, createConnection } from "./connection.ts";
import { type HeldAnswer, HELD_MS, type JobDoors } from "./job-doors.ts";
import type { JobsClient } from "./jobs-client.ts";
import type { ConnectionOptions } from "./server-requests.ts";
import { createWireTransport } from "./wire-transport.ts";

/** What changes something on the server, and so is sent as a mutation. */
const MUTATIONS = {
  cancel: true,
  replay: true,
  retry: true,
  sendSignal: true,
  pause: true,
  resume: true,
} satisfies { readonly [Name in keyof (RunCalls & CatalogCalls)]?: true };

/**
 * A typed client of a server's jobs. The jobs are needed as a type only, so that none of their code reaches a bundle.
 *
 * @example
 * import type * as jobs from "@acme/jobs";
 * const beckon = createJobsClient<typeof jobs>({ url: "http://localhost:3000" });
 * const run = await beckon.exampleJob.invoke({ userId: "1", tier: "pro" });
 */
export function createJobsClient<Jobs>(options: ConnectionOptions): JobsClient<Jobs> {
  const connection = createConnection(options);
  const transport = createWireTransport(connection, doorsOf(connection));
  // The one cast where the dynamic meets the typed: the server derives its procedures from the same exports.
  return byName((name) => branchOf(name, connection, transport)) as JobsClient<Jobs>;
}

/** Jobs are addressed by the names of their exports: what a job's id is, only the server knows. */
function doorsOf(connection: Connection): JobDoors {
  return {
    invoke: async ({ jobId: name, isBatch, text: input }, signal) => {
      const method = isBatch ? "batchInvoke" : "invoke";
      const answer = await connection.callOnce("mutation", `jobs.${name}.${method}`, { input, signal });
      const { ids, id } = answer as { readonly ids?: readonly string[]; readonly id: string };
      return ids ?? [id];
    },
    invokeAndWait: async ({ jobId: name, text }, signal) => {
      // What every text begins with: it is not written a second time for one member more.
      const input = text.replace('{"json":{', `$&"timeoutMs":${HELD_MS},`);
      return (await connection.callAlone("mutation", `jobs.${name}.invokeAndWait`, { input, signal })) as HeldAnswer;
    },
    resultPath: (name) => `jobs.${name}.result`,
  };
}

function branchOf(name: string, connection: Connection, transport: Transport): unknown {
  if (name !== "runs" && name !== "catalog") return createJobCalls(name, remotePlace(transport));
  return byName((method) => (input: unknown) => {
    const type = Object.hasOwn(MUTATIONS, method) ? "mutation" : "query";
    return connection.call(type, `${name}.${method}`, input);
  });
}

/** An object that makes its members when they are first asked for. `then` is none, so that it can be awaited. */
function byName(make: (name: string) => unknown): object {
  const made = new Map<string, unknown>();
  return new Proxy(Object.freeze({}), {
    get: (_target, name) => {
      if (typeof name === "symbol" || name === "then") return undefined;
      if (!made.has(name)) made.set(name, make(name));
      return made.get(name);
    },
  });
}
