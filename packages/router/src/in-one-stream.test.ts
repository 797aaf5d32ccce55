import { expect, test } from "vitest";
import { inOneStream } from "./in-one-stream.ts";

async function listOf<Value>(values: AsyncIterable<Value>): Promise<Value[]> {
  const list: Value[] = [];
  for await (const value of values) list.push(value);
  return list;
}

async function* count(to: number, log: string[] = [], name = ""): AsyncGenerator<string> {
  try {
    for (let n = 1; n <= to; n += 1) {
      log.push(`${name}${n}`);
      yield `${name}${n}`;
    }
  } finally {
    log.push(`${name} ends`);
  }
}

test("everything that the sources give comes, each source in its own order", async () => {
  const given = await listOf(inOneStream([count(3, [], "a"), count(0), count(2, [], "b")]));
  expect(given.filter((value) => value.startsWith("a"))).toEqual(["a1", "a2", "a3"]);
  expect(given.filter((value) => value.startsWith("b"))).toEqual(["b1", "b2"]);
  expect(given).toHaveLength(5);
  expect(await listOf(inOneStream([]))).toEqual([]);
});

test("a source is read no faster than somebody takes, and closed when nobody does any more", async () => {
  const log: string[] = [];
  const stream = inOneStream([count(9, log, "a"), count(9, log, "b")]);
  await stream.next();
  await stream.next();
  expect(log.toSorted()).toEqual(["a1", "a2", "b1"]);
  await stream.return();
  await expect.poll(() => log.filter((entry) => entry.endsWith("ends")).toSorted()).toEqual(["a ends", "b ends"]);
  expect(log).toHaveLength(5);
});

async function* failing(): AsyncGenerator<string> {
  yield "once";
  throw new Error("it broke");
}

test("a source that throws ends the stream with what it threw", async () => {
  const stream = inOneStream([failing()]);
  expect((await stream.next()).value).toBe("once");
  await expect(stream.next()).rejects.toThrow("it broke");
});
