import { BeckonClient, invokeTrigger } from "@beckon/core";
import type { Schema } from "@beckon/core/runtime";
import { expect, test } from "vitest";
import { createGate } from "./gate.ts";
import { createLedger } from "./ledger.ts";
import { createWorld } from "./scheduling-world.ts";

const client = new BeckonClient({ id: "tests" });

/** A job whose payload takes until the gate is open to be parsed at its execution. */
function defineSlowlyParsed() {
  const ledger = createLedger();
  const parsing = createGate();
  const validate = async (value: unknown) => {
    ledger.note(`parses ${String(value)}`);
    if (ledger.count(`parses ${String(value)}`) > 1) await parsing.passed;
    return { value: String(value) };
  };
  const schema: Schema<string> = { "~standard": { version: 1, vendor: "tests", validate } };
  const job = client.defineJob({
    id: "job",
    name: "Job",
    version: "1.0.0",
    trigger: invokeTrigger({ schema }),
    concurrencyLimit: 1,
    run: (name) => ledger.note(`begins ${name}`),
  });
  return { job, ledger, parsing };
}

test("B43 a run that is canceled while its payload is parsed does not begin, and its place is free after that", async () => {
  const { job, ledger, parsing } = defineSlowlyParsed();
  await using world = await createWorld([job]);
  const server = await world.start();
  const canceled = await server.use(job).invoke("one");
  await ledger.until("parses one", 2);
  await canceled.cancel();
  const next = await server.use(job).invoke("two");
  parsing.open();
  expect(await next.result()).toMatchObject({ ok: true });
  expect(ledger.entries.filter((entry) => entry.startsWith("begins"))).toEqual(["begins two"]);
  expect(await canceled.result()).toMatchObject({ ok: false, status: "CANCELED" });
});

test("B43 a run that is given back while its payload is parsed begins with the successor only", async () => {
  const { job, ledger, parsing } = defineSlowlyParsed();
  await using world = await createWorld([job]);
  const one = await world.start();
  const run = await one.use(job).invoke("one");
  await ledger.until("parses one", 2);
  await one.stop({ timeoutMs: 0 });
  parsing.open();
  await one.clock.tick();
  expect(ledger.count("begins one")).toBe(0);
  expect(await one.engine.readRun(run.id)).toMatchObject({ status: "QUEUED", attempt: 1 });
  const two = await world.start();
  expect(await two.use(job).run(run.id).result()).toMatchObject({ ok: true });
  expect(ledger.count("begins one")).toBe(1);
});
