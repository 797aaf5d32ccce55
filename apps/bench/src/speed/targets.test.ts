import { expect, test } from "vitest";
import { limits } from "./systems/limits.ts";
import { ours } from "./systems/ours.ts";
import { peers } from "./systems/peers.ts";
import { targets } from "./targets.ts";

const workloadsOf = new Map([...limits, ...ours, ...peers].map(({ id, workloads }) => [id, workloads]));

test.each(targets)("$title compares what is measured, by one bound", (target) => {
  const { ours: own, against, workload, theirWorkload = workload, atLeast, atMost } = target;
  expect(workloadsOf.get(own)).toContain(workload);
  for (const id of against) expect(workloadsOf.get(id)).toContain(theirWorkload);
  expect([atLeast, atMost].filter((bound) => bound !== undefined)).toHaveLength(1);
});
