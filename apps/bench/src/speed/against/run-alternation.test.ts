import { expect, test } from "vitest";
import { OUR_DRIVER } from "../systems/system.ts";
import { runAlternation } from "./run-alternation.ts";

const drain = { name: "a drain", kind: "noop", count: 20, concurrency: 10 } as const;

test("drains of two trees alternate in one process, each timed in every round", async () => {
  const drivers = [
    { side: "here", path: OUR_DRIVER },
    { side: "there", path: OUR_DRIVER },
  ] as const;
  const rounds = await runAlternation({ drivers, drain, rounds: 2 });
  expect(rounds).toHaveLength(2);
  for (const { here, there } of rounds) expect(Math.min(here, there)).toBeGreaterThan(0);
});

test("a tree that cannot be drained is told of by the drain's name", async () => {
  const drivers = [{ side: "here", path: "/no/such/driver.ts" }] as const;
  await expect(runAlternation({ drivers, drain, rounds: 1 })).rejects.toThrow('"a drain" was not measured');
});
