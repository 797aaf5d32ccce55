import { readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import Database from "better-sqlite3";
import { expect, test } from "vitest";
import { DatabaseOpenError, DatabaseTooNewError } from "./database-errors.ts";
import { MIGRATIONS, migrate } from "./migrations.ts";
import { openSqliteStore } from "./open-sqlite-store.ts";
import { startChild } from "./testing/child-process.ts";
import { MAIL, newRun, toRequest } from "./testing/new-run.ts";
import { createTemporaryDatabase } from "./testing/temporary-database.ts";

test("processes that open a new database at once all succeed", async () => {
  await using database = await createTemporaryDatabase();
  const script = `
    console.log("ready");
    await inputEnds;
    const store = await openSqliteStore({ path: database });
    await store.close();`;
  const children = Array.from({ length: 4 }, () => startChild(database.path, script));
  for (const child of children) expect(await child.line()).toBe("ready");
  for (const child of children) child.endInput();
  expect(await Promise.all(children.map((child) => child.exit()))).toEqual([0, 0, 0, 0]);
});

test("a database that is there keeps what it holds", async () => {
  await using database = await createTemporaryDatabase();
  const run = newRun();
  await (await database.open()).createRuns(toRequest(run));
  await database.closeStores();
  expect(await (await database.open()).readRun(run.id)).toMatchObject({ id: run.id, status: "QUEUED" });
});

test("ready runs of an older file are claimed by turns: each job's became a line of their own", async () => {
  await using database = await createTemporaryDatabase();
  const file = new Database(database.path);
  migrate(file, database.path, MIGRATIONS.slice(0, 7));
  const insert = file.prepare(`INSERT INTO runs (id, job_id, job_version, status, priority, is_test, is_detached,
    has_hooks, holds_place, created_at, queued_at, attempt, execution_count, execution_ms, crash_count, event_count,
    born_delayed, lease, input, beside)
    VALUES (?, ?, '1.0.0', 'QUEUED', ?, 0, 0, 0, 0, 1, ?, 1, 0, 0, 0, 1, 0, 0, '{"json":null}', 0)`);
  insert.run("run_1", "mail", 0, 5);
  insert.run("run_2", "report", 0, 4);
  insert.run("run_3", "gone", 9, 1);
  insert.run("run_4", "mail", 1, 9);
  insert.run("run_5", "report", 0, 5);
  file.close();
  const store = await database.open();
  await store.openWorker({ workerId: "worker-1", jobs: [MAIL, { ...MAIL, id: "report" }], now: 10 });
  const claimed = await store.claimRuns({ workerId: "worker-1", limit: 9, now: 10 });
  expect(claimed.map(({ run }) => run.id)).toEqual(["run_4", "run_2", "run_1", "run_5"]);
  expect((await store.listRuns({ statuses: ["QUEUED"], limit: 9 })).map(({ id }) => id)).toEqual(["run_3"]);
});

test("how large its workers define a limit an older file does not tell, and that of one that comes holds when they are forgotten", async () => {
  await using database = await createTemporaryDatabase();
  const file = new Database(database.path);
  migrate(file, database.path, MIGRATIONS.slice(0, 9));
  const run = `'mail', '1.0.0', 'QUEUED', 0, 0, 0, 0, 1, 5, 'job:mail', 1, 1, 1, 0, 0, 0, 1, 0, 0, '{"json":null}', 0`;
  file.exec(`INSERT INTO workers (id, opened_at) VALUES ('old-1', 1), ('old-2', 2);
    INSERT INTO worker_jobs (job_id, worker_id, limit_id) VALUES ('mail', 'old-1', 'job:mail'), ('mail', 'old-2', 'job:mail');
    INSERT INTO jobs (id, name, is_paused, limit_id) VALUES ('mail', 'Mail', 0, 'job:mail');
    INSERT INTO limits (id, max, taken, is_share) VALUES ('job:mail', 5, 2, 0);
    INSERT INTO runs (id, job_id, job_version, status, priority, is_test, is_detached, has_hooks, holds_place, limit_max,
      limit_id, created_at, queued_at, attempt, execution_count, execution_ms, crash_count, event_count, born_delayed, lease,
      input, beside) VALUES ('run_00000001', ${run}), ('run_00000002', ${run});`);
  file.close();
  const store = await database.open();
  const limit = { id: "job:mail", max: 5 };
  await store.openWorker({ workerId: "new", jobs: [{ ...MAIL, limit: { ...limit, max: 1 } }], now: 10 });
  // By a process of the old version that is about to die.
  await store.createRuns({ ...toRequest(newRun({ id: "run_00000003", limit })), now: 10 });
  const listHolds = async (): Promise<readonly unknown[]> =>
    (await store.listRuns({ limit: 9 })).map(({ hold }) => hold);
  expect(await listHolds()).toEqual([null, null, null]);
  await store.recoverRuns({ now: 10, poisonAfter: 5, poisonError: "e" });
  expect(await listHolds()).toEqual(["limit", "limit", null]);
});

test("what an older file has still to tell stands in the line of its receiver, also what a process of the old version adds", async () => {
  await using database = await createTemporaryDatabase();
  const file = new Database(database.path);
  migrate(file, database.path, MIGRATIONS.slice(0, 10));
  const insertRun = file.prepare(`INSERT INTO runs (id, job_id, job_version, status, priority, is_test, is_detached,
    callback_url, has_hooks, holds_place, created_at, completed_at, attempt, execution_count, execution_ms, crash_count,
    event_count, born_delayed, lease, input, beside)
    VALUES (?, 'mail', '1.0.0', 'SUCCESS', 0, 0, 0, ?, 0, 0, 1, 1, 1, 1, 0, 0, 1, 0, 0, '{"json":null}', 0)`);
  const add = (runId: string, kind: string): void =>
    void file
      .prepare(
        "INSERT INTO deliveries (run_id, kind, job_id, attempt, created_at, due_at) VALUES (?, ?, 'mail', 1, 1, 1)",
      )
      .run(runId, kind);
  for (const [index, url] of ["http://a/x", "http://a", "https://b.test:8/x/y", "https://b.test:8"].entries()) {
    insertRun.run(`run_${index}`, url);
    add(`run_${index}`, "callback");
  }
  add("run_0", "hook");
  const store = await database.open();
  add("run_1", "hook");
  file.close();
  await store.openWorker({ workerId: "worker-1", jobs: [MAIL], now: 10 });
  const claim = async (kind: "callback" | "hook") => {
    const { deliveries } = await store.claimDeliveries({
      workerId: "worker-1",
      kind,
      limit: 9,
      limitOfReceiver: 1,
      now: 10,
    });
    return deliveries.map(({ runId }) => runId);
  };
  expect(await claim("callback")).toEqual(["run_0", "run_2"]);
  expect((await claim("hook")).toSorted()).toEqual(["run_0", "run_1"]);
});

test("a database of a newer Beckon is refused, naming the file and both versions, and left as it was", async () => {
  await using database = await createTemporaryDatabase();
  await database.open();
  await database.closeStores();
  const newer = MIGRATIONS.length + 1;
  const file = new Database(database.path);
  file.pragma(`user_version = ${newer}`);
  const opening = database.open();
  await expect(opening).rejects.toBeInstanceOf(DatabaseTooNewError);
  await expect(opening).rejects.toThrow(
    `The database ${database.path} has schema version ${newer}, and this Beckon knows versions up to ${MIGRATIONS.length}`,
  );
  expect(file.pragma("user_version", { simple: true })).toBe(newer);
  file.close();
});

test("a database of another program is refused, and left as it was", async () => {
  await using database = await createTemporaryDatabase();
  const file = new Database(database.path);
  file.exec("CREATE TABLE customers (id INTEGER PRIMARY KEY)");
  file.close();
  const before = await readFile(database.path);
  await expect(database.open()).rejects.toThrow(
    `The database ${database.path} cannot be opened: it belongs to another`,
  );
  expect((await readFile(database.path)).equals(before)).toBe(true);
  expect(await readdir(database.folder)).toEqual(["beckon.db"]);
});

test("a file that is no database is refused", async () => {
  await using database = await createTemporaryDatabase();
  await writeFile(database.path, "Dear diary, today I wrote a text of more than a hundred characters. ".repeat(20));
  await expect(database.open()).rejects.toThrow(`The database ${database.path} cannot be opened: it is not an SQLite`);
});

test.for(["/proc/beckon.db", "file.txt/beckon.db"])("a database that cannot be made is refused: %s", async (path) => {
  await using database = await createTemporaryDatabase();
  await writeFile(join(database.folder, "file.txt"), "");
  const target = path.startsWith("/") ? path : join(database.folder, path);
  const opening = openSqliteStore({ path: target });
  await expect(opening).rejects.toBeInstanceOf(DatabaseOpenError);
  await expect(opening).rejects.toThrow(target);
});

test("a folder is refused as what it is", async () => {
  await using database = await createTemporaryDatabase();
  const opening = openSqliteStore({ path: database.folder });
  await expect(opening).rejects.toThrow(`The database ${database.folder} cannot be opened: it is a folder`);
});

test("a database in a folder that is not there is made with it", async () => {
  await using database = await createTemporaryDatabase();
  const store = await openSqliteStore({ path: join(database.folder, "a", "b", "beckon.db") });
  expect(await store.readRun("run_none")).toBeNull();
  await store.close();
});
