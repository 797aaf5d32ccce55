import { BeckonClient, invokeTrigger } from "@beckon/core";
import { z } from "zod";
import { pass } from "./marks.ts";

/* Jobs whose code marks where it is, in a file named by the payload. */

const client = new BeckonClient({ id: "tests" });
const trigger = invokeTrigger({ schema: z.object({ name: z.string(), marks: z.string() }) });

export const packing = client.defineJob({
  id: "packing",
  name: "Packing",
  version: "1.0.0",
  trigger,
  run: async ({ name, marks }, io) => {
    await io.runTask("box", (task) => pass(marks, `box ${name}`, task.idempotencyKey));
    return `packed ${name}`;
  },
});

export const order = client.defineJob({
  id: "order",
  name: "Order",
  version: "1.0.0",
  trigger,
  run: async ({ name, marks }, io) => {
    await pass(marks, "top");
    const number = await io.runTask("charge", async (task) => {
      await pass(marks, "charge", task.idempotencyKey);
      return 42;
    });
    await pass(marks, "between");
    const packed = await packing.invokeAndWait({ name, marks });
    await io.runTask("ship", (task) => pass(marks, "ship", task.idempotencyKey));
    await pass(marks, "end");
    return [number, packed.ok ? packed.output : packed.error.code];
  },
});

export const napping = client.defineJob({
  id: "napping",
  name: "Napping",
  version: "1.0.0",
  trigger,
  run: async ({ name, marks }, io) => {
    await io.runTask("lie down", (task) => pass(marks, "lie down", task.idempotencyKey));
    await io.wait("nap", name === "week" ? "7d" : "1s");
    await io.runTask("get up", (task) => pass(marks, "get up", task.idempotencyKey));
    return "slept";
  },
});

/** Cancels itself while a promise that it does not wait for yet hangs on its calls. */
export const careless = client.defineJob({
  id: "careless",
  name: "Careless",
  version: "1.0.0",
  trigger,
  run: async (_payload, io, ctx) => {
    const later = Promise.all([io.wait("a", "1h"), io.waitForSignal("b", "b")]);
    void io.runTask("floating", () => Promise.reject(new Error("nobody caught me"))).then(() => undefined);
    // Some steps later, so that what became of the floating one is on disk.
    for (const n of [1, 2, 3]) await io.runTask(["work", n], () => undefined);
    await io.runTask("cancel", () => careless.run(ctx.run.id).cancel());
    await later;
  },
});

export const markedJobs = [order, packing, napping, careless];
