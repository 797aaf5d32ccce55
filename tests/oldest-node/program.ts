import { createJobsClient } from "@beckon/client";
import { BeckonClient, invokeTrigger } from "@beckon/core";
import { createServer } from "@beckon/server";
import { z } from "zod";

/*
 * What a first project does, on whatever Node it is given to: a server on the file that is named, a job with steps, a log and
 * a child, called by the typed client over HTTP. Prints what was seen, as JSON.
 */
const [, , database = ""] = process.argv;
const client = new BeckonClient({ id: "oldest-node" });
const trigger = invokeTrigger({ schema: z.object({ words: z.array(z.string()) }) });

const count = client.defineJob({
  id: "count",
  name: "Count letters",
  version: "1.0.0",
  trigger,
  run: async ({ words }, io) => io.parallel("each", words, async (word) => word.length),
});
const sum = client.defineJob({
  id: "sum",
  name: "Sum them up",
  version: "1.0.0",
  trigger,
  run: async ({ words }, io) => {
    const at = await io.runTask("clock", () => new Date(0));
    io.logger.info("counting", { words: words.length });
    const counts = await count.invokeAndWait({ words });
    if (!counts.ok) throw new Error(counts.error.message);
    await io.wait("a moment", "1ms");
    return { letters: new Map(words.map((word, index) => [word, counts.output[index]])), at };
  },
});

const server = await createServer({ jobs: { count, sum }, database, port: 0 });
const beckon = createJobsClient<typeof server.jobs>({ url: server.url });
const run = await beckon.sum.invoke({ words: ["one", "three"] }, { idempotencyKey: "the only one" });
const output = await run.output();
const events: string[] = [];
for await (const event of run.events()) events.push(event.type);
await server.stop();
process.stdout.write(
  JSON.stringify({
    node: process.version,
    id: run.id,
    letters: [...output.letters],
    at: output.at.toISOString(),
    events,
  }),
);
