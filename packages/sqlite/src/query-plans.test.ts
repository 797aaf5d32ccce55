import Database from "better-sqlite3";
import { expect, test } from "vitest";
import { openSqliteStore } from "./open-sqlite-store.ts";
import { FIRST_SCHEMA } from "./schema.ts";
import { listHotSql } from "./testing/store-doors.ts";

const JOBS = ["mail", "report", "import"].map((id) => ({
  id,
  name: id,
  version: "1.0.0",
  isEnabled: true,
  limit: null,
}));

/** Reads how SQLite would answer the statement; no row is touched. */
function explain(db: Database.Database, sql: string): readonly string[] {
  const names = [...sql.matchAll(/@(\w+)/g)].map(([, name]) => name);
  const named = names.length === 0 ? [] : [Object.fromEntries(names.map((name) => [name, null]))];
  const positional = [...sql.matchAll(/\?/g)].map(() => null);
  const plan = db.prepare<unknown[], { readonly detail: string }>(`EXPLAIN QUERY PLAN ${sql}`);
  return plan.all(...positional, ...named).map(({ detail }) => detail);
}

test("B45 every hot statement is answered from an index, without reading or sorting a table", async () => {
  await using store = {
    value: await openSqliteStore({ path: ":memory:" }),
    [Symbol.asyncDispose]: async () => undefined,
  };
  await store.value.openWorker({ workerId: "worker-1", jobs: JOBS, now: 0 });
  const db = new Database(":memory:");
  db.exec(FIRST_SCHEMA);
  const hot = listHotSql(store.value);
  const bad = hot.flatMap((sql) =>
    explain(db, sql)
      .filter((detail) => /\bSCAN\b|TEMP B-TREE|AUTOMATIC/.test(detail))
      .map((detail) => `${detail} in: ${sql}`),
  );
  expect(bad).toEqual([]);
});
