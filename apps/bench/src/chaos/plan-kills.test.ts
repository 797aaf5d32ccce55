import { expect, test } from "vitest";
import { planKills } from "./plan-kills.ts";

test("the kills of one seed are always the same, those of another are others", () => {
  const counts = { kills: 20, servers: 3 };
  expect(planKills(7, counts)).toEqual(planKills(7, counts));
  expect(planKills(7, counts)).not.toEqual(planKills(8, counts));
});

test("every server is killed, between a tenth of a second and a whole one after the kill before", () => {
  const kills = planKills(1, { kills: 200, servers: 3 });
  expect(new Set(kills.map(({ victim }) => victim))).toEqual(new Set([0, 1, 2]));
  expect(Math.min(...kills.map(({ pauseMs }) => pauseMs))).toBeGreaterThanOrEqual(100);
  expect(Math.max(...kills.map(({ pauseMs }) => pauseMs))).toBeLessThan(1_000);
});
