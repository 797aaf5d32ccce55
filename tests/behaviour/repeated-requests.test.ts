import { BeckonClient, IdempotencyConflictError, invokeTrigger } from "@beckon/core";
import { expect, test } from "vitest";
import { startWorld, type World } from "./world.ts";

const client = new BeckonClient({ id: "tests" });
const echo = client.defineJob({
  id: "echo",
  name: "Echo",
  version: "1.0.0",
  trigger: invokeTrigger(),
  run: async (payload) => payload,
});

/** A call as it comes over a wire, with an id that its client minted. */
function send(
  world: World,
  payloads: readonly unknown[],
  { isBatch = payloads.length > 1, tags = [] as string[] } = {},
) {
  const items = payloads.map((payload) => ({ payload, options: { tags } }));
  return world.engine.invoke({ jobId: "echo", items, isBatch, requestId: "request-1" });
}

function refusalOf(call: Promise<unknown>): Promise<unknown> {
  return call.then(
    () => "none",
    (error: unknown) => error,
  );
}

async function countRuns(world: World): Promise<number> {
  return (await world.engine.listRuns({ limit: 100 })).runs.length;
}

test("B17 a request id that comes again with another payload is refused, and the first answer stands", async () => {
  await using world = await startWorld([echo]);
  const [id] = await send(world, [{ to: "ada" }]);
  const refusal = await refusalOf(send(world, [{ to: "bob" }]));
  expect(refusal).toBeInstanceOf(IdempotencyConflictError);
  expect(refusal).toMatchObject({ code: "IDEMPOTENCY_CONFLICT", jobId: "echo", runId: id, index: undefined });
  expect(String(refusal)).toContain(`The request id is taken by run ${id} of job "echo" with a different payload`);
  expect(await send(world, [{ to: "ada" }])).toEqual([id]);
  expect(await countRuns(world)).toBe(1);
});

test("B17 the payload is the same whatever the order of its properties; options are not compared", async () => {
  await using world = await startWorld([echo]);
  const first = await send(world, [{ to: "ada", at: new Date(0) }]);
  expect(await send(world, [{ cc: undefined, at: new Date(0), to: "ada" }], { tags: ["again"] })).toEqual(first);
  expect(await refusalOf(send(world, [{ to: "ada", at: "1970-01-01T00:00:00.000Z" }]))).toBeInstanceOf(
    IdempotencyConflictError,
  );
});

test("B17 a batch is sent again as it was: another item is named, and one more or less is another request", async () => {
  await using world = await startWorld([echo]);
  const first = await send(world, [1, 2, 3]);
  expect(await send(world, [1, 2, 3])).toEqual(first);
  expect(await refusalOf(send(world, [1, 4, 3]))).toMatchObject({ runId: first[1], index: 1 });
  for (const others of [[1, 2], [1, 2, 3, 4], [1]]) {
    expect(await refusalOf(send(world, others))).toMatchObject({ code: "IDEMPOTENCY_CONFLICT", runId: first[0] });
  }
  expect(await countRuns(world)).toBe(3);
});

test("B17 equal calls that come at once are one request, and of different ones the first is made", async () => {
  await using world = await startWorld([echo]);
  const calls = [1, 1, 2, 1].map((payload) => send(world, [payload]));
  const answers = await Promise.allSettled(calls);
  expect(answers.map(({ status }) => status)).toEqual(["fulfilled", "fulfilled", "rejected", "fulfilled"]);
  expect(await countRuns(world)).toBe(1);
});

test("B17 what was sent first is known also when its run has ended, and after a restart", async () => {
  await using world = await startWorld([echo]);
  const first = await send(world, [1]);
  expect(await echo.run(first[0] ?? "").output()).toBe(1);
  expect(await refusalOf(send(world, [2]))).toBeInstanceOf(IdempotencyConflictError);
  await world.restart();
  expect(await refusalOf(send(world, [2]))).toBeInstanceOf(IdempotencyConflictError);
  expect(await send(world, [1])).toEqual(first);
});
