import { BeckonClient, invokeTrigger } from "@beckon/core";
import { expect, test } from "vitest";
import { createWorld } from "./scheduling-world.ts";
import { type CountedStore, countStore } from "./watched-store.ts";

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
  const problems: string[] = [];
  const server = await world.start({
    deliverCallback: async () => {
      toldAt.push(server.clock.now());
      throw new Error("The receiver answered 500.");
    },
    onProblem: ({ message }) => problems.push(message),
  });
  const run = await server.use(job).invoke({}, { callbackUrl });
  await run.result();
  await server.clock.advance(3 * 24 * AN_HOUR_S * 1_000);
  const pauses = toldAt.slice(1).map((at, index) => (at - (toldAt[index] ?? 0)) / 1_000);
  expect(pauses).toEqual(listPausesInSeconds());
  expect(problems).toEqual([
    expect.stringMatching(
      /^The callback of job "job" failed for run run_\w+ \(attempt 1; it is tried again\): The receiver answered 500/,
    ),
    expect.stringContaining(`(attempt ${toldAt.length}; it is given up)`),
  ]);
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

const deadUrls = Array.from({ length: 60 }, (_, index) => `https://dead.test/${index}`);

test("B50 a receiver that never answers is told of a few runs at once, holds up no other, and is not looked for again meanwhile", async () => {
  await using world = await createWorld([job]);
  const told: string[] = [];
  const healthy = Promise.withResolvers<void>();
  let counted: CountedStore | undefined;
  const server = await world.start({
    deliverCallback: ({ url }) => {
      told.push(url);
      if (url !== callbackUrl) return new Promise(() => undefined);
      healthy.resolve();
      return Promise.resolve();
    },
    around: (store) => (counted = countStore(store)).store,
  });
  await server.use(job).batchInvokeAndWait(deadUrls.map((url) => ({ payload: {}, options: { callbackUrl: url } })));
  await server.use(job).invokeAndWait({}, { callbackUrl });
  await healthy.promise;
  await server.clock.tick();
  expect(told.toSorted()).toEqual([...deadUrls.slice(0, 5), callbackUrl].toSorted());
  const before = counted?.asked();
  await server.clock.advance(1_000);
  expect(counted?.asked()).toBe(before);
});

test("B50 of what is due for a receiver that was full, the next is told when it has answered", async () => {
  await using world = await createWorld([job]);
  const answers: (() => void)[] = [];
  const server = await world.start({ deliverCallback: () => new Promise((resolve) => void answers.push(resolve)) });
  await server.use(job).batchInvokeAndWait(deadUrls.map((url) => ({ payload: {}, options: { callbackUrl: url } })));
  for (let answered = 0; answered < deadUrls.length; answered += 1) {
    await expect.poll(() => answers.length).toBe(Math.min(answered + 5, deadUrls.length));
    answers[answered]?.();
  }
});
