import type { RunQuery } from "@beckon/engine";
import { expect, test } from "vitest";
import { COUNT_LIVE } from "./job-facts.ts";
import { is, toListSearches } from "./list-searches.ts";
import { openSqliteStore } from "./open-sqlite-store.ts";
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

test("B45 claiming reads the ready index alone, and taking over freed places the backlog of their limit", async () => {
  const store = await openSqliteStore({ path: ":memory:" });
  await store.openWorker({ workerId: "worker-1", jobs: JOBS, now: 0 });
  const claims = listHotSql(store).filter((sql) => sql.startsWith("UPDATE runs SET status = 'EXECUTING'"));
  await store.close();
  const searches = claims.map((sql) => explainQuery(sql).filter((step) => step.startsWith("SEARCH runs ")));
  const byNumber = "SEARCH runs USING INTEGER PRIMARY KEY (rowid=?)";
  const alongLine = "SEARCH runs USING COVERING INDEX runs_ready (status=?)";
  expect(searches).toEqual([
    [byNumber, alongLine],
    [byNumber, alongLine],
    [byNumber, "SEARCH runs USING COVERING INDEX runs_backlog (limit_id=?)"],
  ]);
});

const LISTS: Readonly<Record<string, { readonly query: Omit<RunQuery, "limit">; readonly ways: readonly string[] }>> = {
  "a job": { query: { jobId: "mail" }, ways: ["runs_of_job (job_id=? AND id<?)"] },
  "what failed": { query: { statuses: ["FAILURE"] }, ways: ["runs_failed (status=? AND id<?)"] },
  "what goes on": {
    query: { statuses: ["QUEUED", "EXECUTING"] },
    ways: [
      "runs_live (status=? AND id<?)",
      "runs_ready (status=? AND priority=?)",
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
