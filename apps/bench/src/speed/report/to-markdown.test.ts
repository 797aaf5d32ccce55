import { expect, test } from "vitest";
import { limits } from "../systems/limits.ts";
import { ours } from "../systems/ours.ts";
import { peers } from "../systems/peers.ts";
import { type Report, toMarkdown } from "./to-markdown.ts";

const facts = {
  takenAt: "2026-11-28",
  command: "pnpm bench",
  machine: "two cores",
  commit: "abc",
  rounds: 1,
  versions: {},
};
const rates = { beckon: 300, "beckon-normal": 900, "limit-group-full": 800, dbos: 400, restate: 100 };

function pageOf(changes: Partial<Report> = {}): string {
  const systems = [...limits, ...ours, ...peers].filter(({ id }) => id in rates);
  const results = Object.entries(rates).map(([systemId, rate]) => {
    return { systemId, workload: "w1-64" as const, rounds: [{ "jobs/s": rate }], problems: [] };
  });
  return toMarkdown({
    facts,
    systems,
    workloads: ["w1-64"],
    results,
    verdicts: [],
    missing: [],
    earlier: [],
    ...changes,
  });
}

const verdict = {
  wanted: "≥ 2",
  meets: (reached: number) => reached >= 2,
  reached: { median: 1, least: 1, most: 1 },
  rounds: { met: 0, compared: 1 },
};

test("systems stand by what they reached, and who is ahead of Beckon as it comes is named, but for itself and LIMIT", () => {
  const page = pageOf();
  const places = [/normal/, /LIMIT, group/, /^\| DBOS/m, /\*\*Beckon\*\*/, /^\| Restate/m].map((name) =>
    page.search(name),
  );
  expect(places).toEqual(places.toSorted((one, other) => one - other));
  expect(page).toContain("ahead of it is DBOS.");
});

test("every miss is listed, with what is known of it", () => {
  const page = pageOf({
    verdicts: [
      { ...verdict, title: "W1 / A", isMet: false, shortfall: "The disk is asked twice." },
      { ...verdict, title: "W1 / B", isMet: false, shortfall: null },
      { ...verdict, title: "W1 / C", isMet: true, shortfall: null },
    ],
  });
  expect(page).toContain("- **W1 / A.** The disk is asked twice.\n- **W1 / B.** Not profiled yet.");
  expect(page).not.toContain("**W1 / C.**");
});

test("what a target came to on earlier pages stands in their order, what was missed in bold, what was not measured as such", () => {
  const run = { takenAt: "2026-11-27", commit: "aaa", machine: "two cores" };
  const earlier = [
    { ...run, reached: { "W1 / A": 1.5 } },
    { ...run, commit: "bbb", reached: {} },
    { ...run, commit: "ccc", reached: { "W1 / A": 120.4 } },
  ];
  const page = pageOf({ verdicts: [{ ...verdict, title: "W1 / A", isMet: false, shortfall: null }], earlier });
  expect(page).toContain("1. 2026-11-27, commit bbb, two cores\n");
  expect(page).toContain("| W1 / A | ≥ 2 | 1 of 2 | **1.50** | – | 120 |");
  expect(pageOf()).not.toContain("Earlier runs");
});

test("a system that failed in a round is named with its reason", () => {
  const failed = {
    systemId: "restate",
    workload: "w1-64" as const,
    rounds: [{}],
    problems: ["it did not start\nat all"],
  };
  expect(pageOf({ results: [failed] })).toContain(
    "- Restate, W1: enqueue, 64 concurrent callers: 1 of 1 rounds failed: it did not start",
  );
});

test("who drains fewer jobs than the others says so", () => {
  expect(pageOf()).toContain("in W3 it drains 300 jobs at 1, and 1,000 at 10 and 100 |");
});
