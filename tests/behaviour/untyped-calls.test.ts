import { BeckonClient, invokeTrigger } from "@beckon/core";
import type { IO } from "@beckon/core/runtime";
import { expect, test } from "vitest";
import { createWorld } from "./scheduling-world.ts";

const client = new BeckonClient({ id: "tests" });

/** What plain JavaScript gives, and a payload of any: the compiler knows nothing of it. */
// oxlint-disable-next-line typescript/no-explicit-any -- a payload without a schema is of this type
type Untyped = any;

const child = client.defineJob({
  id: "child",
  name: "Child",
  version: "1.0.0",
  trigger: invokeTrigger(),
  run: async () => null,
});

/** What a run is told of each of its calls, in its first execution and in the next one. */
async function toldOf(calls: Readonly<Record<string, (io: IO, given: Untyped) => Promise<unknown>>>) {
  const job = client.defineJob({
    id: "job",
    name: "Job",
    version: "1.0.0",
    trigger: invokeTrigger(),
    run: async (given: Untyped, io) => {
      const told: string[] = [];
      for (const call of Object.values(calls))
        told.push(await call(io, given).then(String, (error: Error) => error.message));
      await io.wait("pause", "1s");
      return told;
    },
  });
  await using world = await createWorld([job, child]);
  const server = await world.start();
  const run = await server.use(job).invoke({ object: { a: 1 }, number: 42 });
  await server.until(run.id, "WAITING");
  await server.clock.advance(1_000);
  const told = await run.output();
  return Object.fromEntries(Object.keys(calls).map((name, index) => [name, told[index]]));
}

test("a signal whose name or id is no text is refused, as one that nobody would ever find", async () => {
  const told = await toldOf({
    "wait for nothing": (io, given) => io.waitForSignal("a", given.nothing),
    "wait for an object": (io, given) => io.waitForSignal("b", given.object),
    "wait for a number's": (io, given) => io.waitForSignal("c", "paid", { id: given.number }),
    "send nothing": (io, given) => io.sendSignal("d", given.nothing),
    "send to an object": (io, given) => io.sendSignal("e", "paid", { id: given.object }),
    "send to a text": (io) => io.sendSignal("f", "paid", { id: "42" }),
  });
  expect(told).toEqual({
    "wait for nothing": 'Option "name": it is undefined: give a text.',
    "wait for an object": 'Option "name": it is an object: give a text.',
    "wait for a number's": 'Option "id": it is 42: give a text.',
    "send nothing": 'Option "name": it is undefined: give a text.',
    "send to an object": 'Option "id": it is an object: give a text.',
    "send to a text": "undefined",
  });
});

test("a key of io.store, and a status' label and state, that are no texts are refused", async () => {
  const told = await toldOf({
    set: (io, given) => io.store.run.set(given.nothing, 1),
    get: (io, given) => io.store.job.get(given.object),
    delete: (io, given) => io.store.global.delete(given.number),
    label: (io, given) => io.createStatus("a", { label: given.object }),
    state: (io, given) => io.createStatus("b", { label: "B", state: given.object }),
    update: async (io, given) => (await io.createStatus("c", { label: "C" })).update("next", { state: given.number }),
  });
  expect(told).toEqual({
    set: 'Option "key": it is undefined: give a text.',
    get: 'Option "key": it is an object: give a text.',
    delete: 'Option "key": it is 42: give a text.',
    label: 'Status "a": Option "label": it is an object: give a text.',
    state: 'Status "b": Option "state": an object is none: give "loading", "success" or "failure".',
    update: 'Status "c": Option "state": 42 is none: give "loading", "success" or "failure".',
  });
});

test("flags of an invocation that are neither true nor false, and tags that are no list, are refused", async () => {
  const told = await toldOf({
    isTest: (_io, given) => child.invoke({}, { isTest: given.no ?? "no" }),
    detached: (_io, given) => child.invoke({}, { detached: given.number }),
    tags: (_io, given) => child.invoke({}, { tags: given.text ?? "abc" }),
  });
  expect(told).toEqual({
    isTest: 'Option "isTest": it is "no": give true or false.',
    detached: 'Option "detached": it is 42: give true or false.',
    tags: 'Option "tags": it is "abc": give a list of texts.',
  });
});

test("a redact that is no list of paths is refused before the task begins", async () => {
  const told = await toldOf({
    text: (io, given) => io.runTask("a", () => 1, { redact: given.text ?? "token" }),
    numbers: (io, given) => io.runTask("b", () => 1, { redact: [given.number] }),
  });
  expect(told).toEqual({
    text: 'Task "a": Option "redact": it is "token": give a list of paths.',
    numbers: 'Task "b": Option "redact": it is an array of 1: give a list of paths.',
  });
});

test("B34 an onError that gives what is no decision, such as the length of a list, leaves it to the retry policy", async () => {
  const errors: unknown[] = [];
  const told = await toldOf({
    "a number": (io) =>
      io.runTask("a", () => Promise.reject(new Error("the real one")), {}, ((error: unknown) =>
        errors.push(error)) as Untyped),
    "a text": (io) =>
      io.runTask(
        "b",
        async ({ attempt }) => {
          if (attempt === 1) throw new Error("once");
          return "second";
        },
        { retry: { limit: 2, minTimeoutInMs: 0 } },
        (() => "told") as Untyped,
      ),
  });
  expect(told).toEqual({ "a number": "the real one", "a text": "second" });
  expect(errors).toHaveLength(1);
});
