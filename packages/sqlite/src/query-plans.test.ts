import type { RunQuery } from "@beckon/engine";
import { expect, test } from "vitest";
import { COUNT_LIVE } from "./job-facts.ts";
import { is, toListSearches } from "./list-searches.ts";
import { openSqliteStore } from "./open-sqlite-store.ts";
import { MAIL, newRun, toRequest } from "./testing/new-run.ts";
import { explainQuery, findWaste } from "./testing/query-plan.ts";
import { listHotSql } from "./testing/store-doors.ts";

const JOBS = ["mail", "report", "import"].map((id) => ({
  id,
  name: id,
  version: "1.0.0",
  isEnabled: true,
  limit: null,
}));

test("B45 every hot statement is answered from an index, without reading or sorting a table", async () => {
  const store = await openSqliteStore({ path: ":memory:" });
  await store.openWorker({ workerId: "worker-1", jobs: JOBS, now: 0 });
  const hotSql = listHotSql(store);
  await store.close();
  expect(hotSql.length).toBeGreaterThan(60);
  expect(hotSql.flatMap(findWaste)).toEqual([]);
});

test("no hot statement shows its parameters to the planner, which would plan it anew for each value", async () => {
  const store = await openSqliteStore({ path: ":memory:" });
  await store.openWorker({ workerId: "worker-1", jobs: JOBS, now: 0 });
  const hotSql = listHotSql(store);
  await store.close();
  expect(hotSql.filter((sql) => /(?<!\+)[?@]/.test(sql))).toEqual([]);
});

/** Of ready runs, or of such as wait for a place of their limit. */
function isClaim(sql: string, { takesOver }: { readonly takesOver: boolean }): boolean {
  if (!sql.startsWith("UPDATE runs SET status = 'EXECUTING'")) return false;
  return takesOver ? sql.includes("hold = 'limit'") : !sql.includes("hold = NULL");
}

/** What a worker's claims are prepared as when so many of its jobs have ready runs. */
async function listClaims(jobCount: number): Promise<readonly string[]> {
  const store = await openSqliteStore({ path: ":memory:" });
  const jobs = Array.from({ length: jobCount }, (_, index) => ({ ...MAIL, id: `job-${index}` }));
  await store.openWorker({ workerId: "worker-1", jobs, now: 0 });
  for (let count = 0; count < 2; count += 1)
    await store.createRuns(toRequest(...jobs.map(({ id }) => newRun({ jobId: id }))));
  await store.claimRuns({ workerId: "worker-1", limit: jobCount, ahead: jobCount, now: 0 });
  const claims = listHotSql(store).filter((sql) => isClaim(sql, { takesOver: false }));
  await store.close();
  return claims;
}

test.for([1, 3, 200])(
  "B45 claiming, of %d jobs with ready runs, reads the ready ones of those jobs alone, and sorts none",
  async (jobCount) => {
    const claims = await listClaims(jobCount);
    expect(claims.length).toBeGreaterThan(1);
    for (const sql of claims) {
      const searches = explainQuery(sql).filter((step) => step.startsWith("SEARCH "));
      const ofReady = searches.filter((step) => !/^SEARCH \w+ USING INTEGER PRIMARY KEY \(rowid=\?\)$/.test(step));
      expect(ofReady.length).toBeGreaterThan(0);
      for (const step of ofReady)
        expect(step).toMatch(/^SEARCH runs USING COVERING INDEX runs_ready \(status=\? AND job_id=\?/);
      expect(findWaste(sql)).toEqual([]);
    }
  },
);

test("B45 taking over freed places reads the backlog of their limit", async () => {
  const store = await openSqliteStore({ path: ":memory:" });
  await store.openWorker({ workerId: "worker-1", jobs: JOBS, now: 0 });
  const takeOvers = listHotSql(store).filter((sql) => isClaim(sql, { takesOver: true }));
  await store.close();
  expect(takeOvers.map((sql) => explainQuery(sql).filter((step) => step.startsWith("SEARCH runs ")))).toEqual([
    [
      "SEARCH runs USING INTEGER PRIMARY KEY (rowid=?)",
      "SEARCH runs USING COVERING INDEX runs_backlog (hold=? AND limit_id=?)",
    ],
  ]);
});

test("B45 looking for suspects reads those alone", async () => {
  const store = await openSqliteStore({ path: ":memory:" });
  await store.openWorker({ workerId: "worker-1", jobs: JOBS, now: 0 });
  const looks = listHotSql(store).filter((sql) => sql.startsWith("SELECT") && sql.includes("hold = 'suspect'"));
  await store.close();
  expect(looks.length).toBe(2);
  for (const sql of looks)
    expect(explainQuery(sql)).toContainEqual(
      expect.stringMatching(/^SEARCH runs USING .*INDEX runs_backlog \(hold=\?\)$/),
    );
});

const LISTS: Readonly<Record<string, { readonly query: Omit<RunQuery, "limit">; readonly ways: readonly string[] }>> = {
  "a job": { query: { jobId: "mail" }, ways: ["runs_of_job (job_id=? AND id<?)"] },
  "what failed": { query: { statuses: ["FAILURE"] }, ways: ["runs_failed (status=? AND id<?)"] },
  "what goes on": {
    query: { statuses: ["QUEUED", "EXECUTING"] },
    ways: [
      "runs_live (status=? AND id<?)",
      "runs_ready (status=? AND job_id=? AND priority=?)",
      "runs_live (status=? AND id<?)",
      "INTEGER PRIMARY KEY (rowid>?)",
    ],
  },
  "a job's failures": { query: { jobId: "mail", statuses: ["FAILURE"] }, ways: ["runs_failed (status=? AND id<?)"] },
  "a job's successes": { query: { jobId: "mail", statuses: ["SUCCESS"] }, ways: ["runs_of_job (job_id=? AND id<?)"] },
  "a parent's children": { query: { parentRunId: "run_1" }, ways: ["runs_of_parent (parent_run_id=? AND id<?)"] },
  "a version": {
    query: { version: "1.0.0" },
    ways: ["runs_of_job (job_id=? AND id<?)", "runs_of_job (job_id=? AND id<?)"],
  },
  "an account": { query: { accountId: "acme" }, ways: ["runs_of_account (account_id=? AND id<?)"] },
  "a tag": { query: { tag: "vip", jobId: "mail" }, ways: ["PRIMARY KEY (tag=? AND run_id<?)"] },
  "a search": {
    query: { search: "run_1" },
    ways: ["sqlite_autoindex_runs_1 (id>? AND id<?)", "runs_of_key (idempotency_key=? AND id<?)"],
  },
  everything: { query: {}, ways: ["sqlite_autoindex_runs_1 (id<?)"] },
};

test.for(Object.entries(LISTS))("a list of %s is read along its index", ([, { query, ways }]) => {
  const searches = toListSearches({ ...query, before: "run_9", limit: 20 }, [], () => ["mail", "report"]);
  expect(searches.flatMap(({ sql }) => findWaste(sql))).toEqual([]);
  expect(searches.map(({ sql }) => explainQuery(sql)[0]?.replace(/^SEARCH \w+ USING (INDEX )?/, ""))).toEqual(ways);
});

test.for([
  { jobId: undefined, way: "runs_ready (status=?)" },
  { jobId: "mail", way: "runs_ready (status=? AND job_id=?)" },
])("a list of ready runs in very many lines looks at ready runs alone: $way", ({ jobId, way }) => {
  const searches = toListSearches({ statuses: ["QUEUED"], jobId, before: "run_9", limit: 20 }, [], () => []);
  const overall = searches.flatMap((search) => (search.kind === "ready-walk" ? [search.overall.sql] : []));
  expect(overall.map((sql) => explainQuery(sql)[0])).toEqual([`SEARCH runs USING INDEX ${way}`]);
});

test("counting live runs reads the indexes of those alone, and the rows since the first newborn one", () => {
  const reads = explainQuery(COUNT_LIVE).filter((step) => /^(SCAN|SEARCH) runs/.test(step));
  expect(reads).toEqual([
    "SEARCH runs USING COVERING INDEX runs_ready (status=?)",
    "SCAN runs USING INDEX runs_live",
    "SEARCH runs USING INTEGER PRIMARY KEY (rowid>?)",
  ]);
});

test("a list of a span of time begins and ends at the ids of that span", () => {
  const bounds = [is("runs.id > ?", "run_1"), is("runs.id < ?", "run_2")].flat();
  const [search] = toListSearches({ from: 1, to: 2, limit: 20 }, bounds, () => []);
  const [way] = explainQuery(search?.sql ?? "");
  expect(way).toBe("SEARCH runs USING INDEX sqlite_autoindex_runs_1 (id>? AND id<?)");
});
