import { expect, test } from "vitest";
import { startChild } from "./testing/child-process.ts";
import { MAIL, newRun, toRequest } from "./testing/new-run.ts";
import { connectionOf } from "./testing/store-doors.ts";
import { taskRecord } from "./testing/task-records.ts";
import { createTemporaryDatabase } from "./testing/temporary-database.ts";

/** A call takes as many arguments as the stack has room for: here for fewer than there are runs. */
const STACK_KB = 300;
const MANY = 50_000;

test("B29 a run that has made very many others is canceled with those of them that go on", async () => {
  await using database = await createTemporaryDatabase();
  const store = await database.open();
  await store.openWorker({ workerId: "worker-1", jobs: [MAIL], now: 0 });
  await store.createRuns(toRequest(newRun()));
  const [parent] = await store.claimRuns({ workerId: "worker-1", limit: 1, now: 0 });
  const { claim } = parent as NonNullable<typeof parent>;
  const children = [newRun(), newRun(), newRun()];
  const steps = children.map(({ id }) => taskRecord(id, { kind: "child" }));
  await store.createRuns({ ...toRequest(...children), parent: { claim, steps } });
  const [first, finished, last] = children.map(({ id }) => id);
  await store.cancelRun({ runId: finished ?? "", now: 0 });
  const db = connectionOf(store);
  const columns = db.prepare<[], string>("SELECT name FROM pragma_table_info('runs')").pluck().all();
  const other: Readonly<Record<string, string>> = { number: "number + copy", id: "id || '-' || copy" };
  db.exec(`WITH RECURSIVE copies (copy) AS (VALUES (10) UNION ALL SELECT copy + 1 FROM copies LIMIT ${MANY})
    INSERT INTO runs (${columns.join(", ")})
    SELECT ${columns.map((column) => other[column] ?? column).join(", ")} FROM runs, copies WHERE id = '${finished}'`);
  await database.closeStores();
  const script = `
    const store = await openSqliteStore({ path: database });
    console.log(JSON.stringify(await store.cancelRun({ runId: "${claim.runId}", now: 1 })));`;
  await using child = startChild(database.path, script, [`--stack-size=${STACK_KB}`]);
  expect(JSON.parse(await child.line())).toEqual({ kind: "canceled", runIds: [claim.runId, first, last] });
});
