import { BeckonClient, invokeTrigger } from "@beckon/core";
import { createServer } from "@beckon/server";
import { z } from "zod";

/*
 * A server from nothing: tells when its first run has finished, then how much memory it holds idle and after a
 * load. Plain JavaScript over the built packages, as an installed Beckon is: stripping types takes time and memory.
 */
const [database = ""] = process.argv.slice(2);
const IDLE_MS = 1_000;
const LOAD_MS = 3_000;
const CALLERS = 64;
const MIB = 2 ** 20;

const client = new BeckonClient({ id: "bench" });
const noop = client.defineJob({
  id: "noop",
  name: "No-op",
  version: "1.0.0",
  trigger: invokeTrigger({ schema: z.object({ n: z.number() }) }),
  run: async () => undefined,
});
const server = await createServer({ jobs: { noop }, database, port: 0 });
await noop.invokeAndWait({ n: 0 });
process.send?.("first-run");
await new Promise((resolve) => setTimeout(resolve, IDLE_MS));
const idle = process.memoryUsage.rss() / MIB;
const startedAt = performance.now();
const caller = async () => {
  while (performance.now() - startedAt < LOAD_MS) await noop.invokeAndWait({ n: 1 });
};
await Promise.all(Array.from({ length: CALLERS }, caller));
const loaded = process.memoryUsage.rss() / MIB;
await server.stop();
process.send?.({ idle, loaded }, () => process.disconnect());
