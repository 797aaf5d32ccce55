import { BeckonClient, invokeTrigger } from "@beckon/core";
import { expect, test } from "vitest";
import { createWorld } from "./scheduling-world.ts";

const client = new BeckonClient({ id: "tests" });
const job = client.defineJob({
  id: "job",
  name: "Job",
  version: "1.0.0",
  trigger: invokeTrigger(),
  run: () => "done",
});

const callbackUrl = "https://receiver.test/done";
const AN_HOUR_S = 3_600;

/** The pauses of a day: they double up to an hour. */
function listPausesInSeconds(): readonly number[] {
  const pauses: number[] = [];
  for (let next = 1, spent = next; spent <= 24 * AN_HOUR_S; spent += next) {
    pauses.push(next);
    next = Math.min(next * 2, AN_HOUR_S);
  }
  return pauses;
}

test("B50 a callback that never arrives is tried for a day, with pauses that double up to an hour; the run is not touched", async () => {
  await using world = await createWorld([job]);
  const toldAt: number[] = [];
  const server = await world.start({
    deliverCallback: async () => {
      toldAt.push(server.clock.now());
      throw new Error("The receiver answered 500.");
    },
  });
  const run = await server.use(job).invoke({}, { callbackUrl });
  await run.result();
  await server.clock.advance(3 * 24 * AN_HOUR_S * 1_000);
  const pauses = toldAt.slice(1).map((at, index) => (at - (toldAt[index] ?? 0)) / 1_000);
  expect(pauses).toEqual(listPausesInSeconds());
  expect(await run.result()).toMatchObject({ ok: true, status: "SUCCESS", output: "done" });
});

test("B50 a callback that arrives at last is told no further time, nor by a successor", async () => {
  await using world = await createWorld([job]);
  let told = 0;
  const deliverCallback = async (): Promise<void> => {
    told += 1;
    if (told < 3) throw new Error("The receiver answered 500.");
  };
  const server = await world.start({ deliverCallback });
  await (await server.use(job).invoke({}, { callbackUrl })).result();
  await server.clock.advance(AN_HOUR_S * 1_000);
  await server.stop();
  const successor = await world.start({ deliverCallback });
  await successor.clock.advance(AN_HOUR_S * 1_000);
  expect(told).toBe(3);
});
