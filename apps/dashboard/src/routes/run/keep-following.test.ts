import type { RunEvent } from "@beckon/core/runtime";
import { expect, test } from "vitest";
import { keepFollowing } from "./keep-following.ts";

const event = (seq: number) => ({ seq, at: new Date(seq), type: "status", status: "EXECUTING" }) as const;

async function* eventsOf(seqs: readonly number[], failure?: Error): AsyncGenerator<RunEvent> {
  yield* seqs.map(event);
  if (failure !== undefined) throw failure;
}

test("after a failure the stream is opened again behind the last event that came", async () => {
  const asked: number[] = [];
  const taken: number[] = [];
  let pauses = 0;
  await keepFollowing(0, {
    open: (after) => {
      asked.push(after);
      return after === 0 ? eventsOf([1, 2], new Error("The server has been away for too long.")) : eventsOf([3]);
    },
    take: ({ seq }) => taken.push(seq),
    pause: async () => void (pauses += 1),
    signal: new AbortController().signal,
  });
  expect({ asked, taken, pauses }).toEqual({ asked: [0, 2], taken: [1, 2, 3], pauses: 1 });
});

test("once the page is left nothing is opened again", async () => {
  const left = new AbortController();
  let opened = 0;
  await keepFollowing(0, {
    open: () => {
      opened += 1;
      return eventsOf([], new Error("away"));
    },
    take: () => undefined,
    pause: async () => left.abort(),
    signal: left.signal,
  });
  expect(opened).toBe(1);
});

test("once the page is left no event is taken, also of those that are on their way", async () => {
  const left = new AbortController();
  const taken: number[] = [];
  await keepFollowing(0, {
    open: () => eventsOf([1, 2]),
    take: ({ seq }) => {
      taken.push(seq);
      left.abort();
    },
    pause: async () => undefined,
    signal: left.signal,
  });
  expect(taken).toEqual([1]);
});
