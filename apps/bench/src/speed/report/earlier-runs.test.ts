import { mkdtemp, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { readEarlierRuns } from "./earlier-runs.ts";

test("a page hands on the runs of those before it, and its own as the last", async () => {
  const path = join(await mkdtemp(join(tmpdir(), "beckon-page-")), "page.json");
  expect(await readEarlierRuns(path)).toEqual([]);
  const first = { takenAt: "2026-11-27", commit: "aaa", machine: "two cores", reached: { A: 1 } };
  const facts = { takenAt: "2026-11-28", commit: "bbb", machine: "four cores", rounds: 3 };
  const verdicts = [
    { title: "A", reached: { median: 2, least: 1, most: 3 } },
    { title: "B", reached: null },
  ];
  await writeFile(path, JSON.stringify({ facts, verdicts, earlier: [first] }));
  const own = { takenAt: "2026-11-28", commit: "bbb", machine: "four cores", reached: { A: 2 } };
  expect(await readEarlierRuns(path)).toEqual([first, own]);
});
