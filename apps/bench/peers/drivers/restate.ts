import { createServer } from "node:http2";
import * as restate from "@restatedev/restate-sdk";
import * as clients from "@restatedev/restate-sdk-clients";
import { type Driver, type DriverContext, STEPS } from "../../src/speed/driver.ts";
import { findFreePort } from "../../src/speed/services/free-port.ts";

/** What is only to be enqueued is due long after the benchmark has ended: Restate pushes an invocation to its service at once. */
const LATER = clients.rpc.sendOpts({ delay: { hours: 12 } });

/**
 * How many invocations execute at once is the callers' to say: a drain at concurrency n is n callers, each of which awaits
 * its result before it makes the next call.
 */
export async function open({ service }: DriverContext): Promise<Driver> {
  const { origin, hash } = new URL(service);
  let onBegin: (() => void) | undefined;
  const bench = defineService(() => onBegin?.());
  const close = await serve(bench, `http://127.0.0.1:${hash.slice(1)}`);
  const ingress = clients.connect({ url: origin });
  const client = ingress.serviceClient(bench);
  const sender = ingress.serviceSendClient(bench);
  let waiting = { kind: "noop" as "noop" | "steps" | "parent", count: 0 };
  let finished = 0;
  return {
    enqueue: (n) => sender.noop(n, LATER),
    enqueueMany: async (kind, count) => {
      waiting = { kind, count };
    },
    startWorker: async (request) => {
      onBegin = request.onBegin;
      let left = waiting.count;
      const caller = async (): Promise<void> => {
        while (left > 0) {
          left -= 1;
          await client[waiting.kind](left);
          finished += 1;
        }
      };
      const ended = Promise.all(Array.from({ length: request.concurrency }, caller));
      return () => ended;
    },
    // A result is handed out after it was written to the log.
    countFinished: async () => finished,
    roundTrip: (kind, n) => client[kind](n),
    close,
  };
}

function defineService(onBegin: () => void) {
  const noop = async (_ctx: restate.Context, _n: number): Promise<void> => onBegin();
  const bench = restate.service({
    name: "bench",
    handlers: {
      noop,
      steps: async (ctx: restate.Context, _n: number): Promise<void> => {
        onBegin();
        for (let n = 0; n < STEPS; n += 1) await ctx.run(`s${n}`, () => n);
      },
      parent: async (ctx: restate.Context, n: number): Promise<void> => {
        await ctx.serviceClient<{ noop: typeof noop }>({ name: "bench" }).noop(n);
      },
    },
  });
  return bench;
}

async function serve(bench: ReturnType<typeof defineService>, admin: string): Promise<() => Promise<void>> {
  const port = await findFreePort();
  const server = createServer(restate.createEndpointHandler({ services: [bench] }));
  await new Promise<void>((resolve) => server.listen(port, "127.0.0.1", resolve));
  const answer = await fetch(`${admin}/deployments`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ uri: `http://127.0.0.1:${port}`, force: true, breaking: true }),
  });
  if (!answer.ok) throw new Error(`Restate refused the deployment: ${await answer.text()}`);
  return async () => {
    server.close();
  };
}
