import { BeckonClient, invokeTrigger } from "@beckon/core";
import { z } from "zod";
import { packing } from "./marked-jobs.ts";
import { pass } from "./marks.ts";

/* Jobs that make runs of a marked job, and mark where they are. */

const client = new BeckonClient({ id: "tests" });

const trigger = invokeTrigger({ schema: z.object({ names: z.array(z.string()), marks: z.string() }) });

/** Invokes its children one by one, and waits for them then. */
export const sender = client.defineJob({
  id: "sender",
  name: "Sender",
  version: "1.0.0",
  trigger,
  run: async ({ names, marks }, io) => {
    const runs = [];
    for (const name of names) runs.push(await packing.invoke({ name, marks }));
    await pass(marks, "invoked");
    const outputs = await Promise.all(runs.map((run) => run.output()));
    await io.runTask("note", () => pass(marks, "noted"));
    return outputs;
  },
});

/** Invokes its children together, and waits for all of them at once. */
export const gatherer = client.defineJob({
  id: "gatherer",
  name: "Gatherer",
  version: "1.0.0",
  trigger,
  run: async ({ names, marks }, io) => {
    await pass(marks, "begin");
    const results = await packing.batchInvokeAndWait(names.map((name) => ({ payload: { name, marks } })));
    await pass(marks, "gathered");
    await io.runTask("note", () => pass(marks, "noted"));
    return results.map((result) => (result.ok ? result.output : result.error.code));
  },
});

export const markedFamilies = [sender, gatherer];
