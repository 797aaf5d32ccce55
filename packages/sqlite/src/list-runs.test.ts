import type { NewRun, RunQuery } from "@beckon/engine";
import { expect, test } from "vitest";
import { openSqliteStore } from "./open-sqlite-store.ts";
import { ReadyWalk } from "./ready-walk.ts";
import { Session } from "./session.ts";
import { newRun, toRequest } from "./testing/new-run.ts";
import { connectionOf } from "./testing/store-doors.ts";

/** Ids that sort as their instants do, whatever the order of writing. */
function at(createdAt: number): NewRun {
  return newRun({ id: `run_${String(createdAt).padStart(8, "0")}`, createdAt });
}

function idsOf(runs: readonly NewRun[]): readonly string[] {
  return runs.map(({ id }) => id).toReversed();
}

test("spans of time are cut exactly, also where processes wrote out of order", async () => {
  const store = await openSqliteStore({ path: ":memory:" });
  const instants = Array.from({ length: 200 }, (_, index) => index * 10);
  // As of two processes: the other's runs of a while come later.
  const shuffled = instants.flatMap((instant, index) => (index % 7 === 0 ? [] : [instant]));
  const late = instants.filter((_, index) => index % 7 === 0);
  await store.createRuns(toRequest(...shuffled.slice(0, 100).map(at), ...late.map(at), ...shuffled.slice(100).map(at)));
  for (const [from, to] of [
    [0, 2_000],
    [500, 501],
    [495, 700],
    [1_990, 9_999],
    [-5, 0],
    [700, 700],
  ] as const) {
    const runs = await store.listRuns({ from, to, limit: 1_000 });
    const expected = instants.filter((instant) => instant >= from && instant < to).toReversed();
    expect(runs.map(({ createdAt }) => createdAt)).toEqual(expected);
  }
  await store.close();
});

test("ready runs are listed newest first, page by page, wherever they stand in line", async () => {
  const store = await openSqliteStore({ path: ":memory:" });
  // Every third is queued later than it was made, some long after newer ones; three priorities; five jobs.
  const runs = Array.from({ length: 90 }, (_, index) => ({
    ...at(index * 10),
    priority: index % 5 === 0 ? 2 : index % 2,
    startAt: index % 3 === 0 ? 2_000 - index : null,
    jobId: index % 7 < 3 ? "mail" : `job-${index % 7}`,
  }));
  for (const run of runs) await store.createRuns({ ...toRequest(run), now: run.createdAt });
  await store.advanceTime({ now: 3_000, limit: 100 });
  for (const limit of [1, 7, 200]) {
    const listed: string[] = [];
    for (;;) {
      const page = await store.listRuns({ statuses: ["QUEUED"], before: listed.at(-1), limit });
      listed.push(...page.map(({ id }) => id));
      if (page.length < limit) break;
    }
    expect(listed).toEqual(runs.map(({ id }) => id).toReversed());
  }
  for (const [jobId, own] of Map.groupBy(runs.toReversed(), (run) => run.jobId)) {
    const listed = await store.listRuns({ statuses: ["QUEUED"], jobId, limit: 8 });
    expect(listed.map(({ id }) => id)).toEqual(own.slice(0, 8).map(({ id }) => id));
  }
  const inSpan = await store.listRuns({ statuses: ["QUEUED"], from: 100, to: 200, limit: 100 });
  expect(inSpan.map(({ createdAt }) => createdAt)).toEqual([190, 180, 170, 160, 150, 140, 130, 120, 110, 100]);
  await store.close();
});

test("however many priorities ready runs have, they are listed newest first, by few questions", async () => {
  const store = await openSqliteStore({ path: ":memory:" });
  const runs = Array.from({ length: 600 }, (_, index) => ({
    ...at(index * 10),
    priority: (index * 7) % 600,
    jobId: index % 3 === 0 ? "report" : "mail",
    jobVersion: index % 2 === 0 ? "1.0.0" : "1.0.1",
    startAt: index % 10 === 0 ? 9_000 : null,
  }));
  for (const run of runs) await store.createRuns({ ...toRequest(run), now: run.createdAt });
  await store.advanceTime({ now: 9_000, limit: 100 });
  const listAll = async (query: Partial<RunQuery>, limit: number): Promise<readonly string[]> => {
    const listed: string[] = [];
    for (;;) {
      const page = await store.listRuns({ statuses: ["QUEUED"], before: listed.at(-1), limit, ...query });
      listed.push(...page.map(({ id }) => id));
      if (page.length < limit) return listed;
    }
  };
  expect(await listAll({}, 250)).toEqual(idsOf(runs));
  expect(await listAll({ jobId: "mail" }, 90)).toEqual(idsOf(runs.filter(({ jobId }) => jobId === "mail")));
  expect(await listAll({ version: "1.0.1" }, 90)).toEqual(idsOf(runs.filter((run) => run.jobVersion === "1.0.1")));
  expect(await listAll({ from: 1_000, to: 4_000 }, 90)).toEqual(idsOf(runs.slice(100, 400)));
  // Each line costs questions of its own, and this would be hundreds of them.
  const walk = new ReadyWalk(new Session(connectionOf(store)));
  expect([walk.listRanks(undefined), walk.listRanks("mail"), walk.listRanks("none")]).toEqual([null, null, []]);
  await store.close();
});
