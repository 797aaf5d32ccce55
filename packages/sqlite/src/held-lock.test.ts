import { StoreUnavailableError, type Store } from "@beckon/engine";
import Database from "better-sqlite3";
import { expect, test, vi } from "vitest";
import { openConnection } from "./connection.ts";
import { DatabaseOpenError } from "./database-errors.ts";
import { MIGRATIONS, migrate } from "./migrations.ts";
import { newRun, toRequest } from "./testing/new-run.ts";
import { connectionOf, countRollbacks } from "./testing/store-doors.ts";
import { createTemporaryDatabase, type TemporaryDatabase } from "./testing/temporary-database.ts";

/** The test says how time passes for these, while this is in use. */
function holdTime(
  ...which: readonly ("setTimeout" | "performance")[]
): Disposable & { readonly pass: (ms: number) => void } {
  vi.useFakeTimers({ toFake: [...which] });
  return { pass: (ms) => void vi.advanceTimersByTime(ms), [Symbol.dispose]: () => void vi.useRealTimers() };
}

/** A store that does not wait for a lock by itself, and the connection of another program. */
async function openBoth(
  database: TemporaryDatabase,
): Promise<{ readonly store: Store; readonly other: Database.Database }> {
  const store = await database.open();
  connectionOf(store).pragma("busy_timeout = 0");
  return { store, other: new Database(database.path) };
}

/** Passes on to when what was asked for has been tried. */
function nextTurn(): Promise<void> {
  return new Promise((resolve) => void setImmediate(resolve));
}

test("B38 what waits for a lock that is kept for ten seconds is refused, and written when it is asked for again", async () => {
  await using database = await createTemporaryDatabase();
  const { store, other } = await openBoth(database);
  using time = holdTime("setTimeout", "performance");
  other.exec("BEGIN IMMEDIATE");
  const runs = [newRun(), newRun(), newRun()];
  const settled: unknown[] = [];
  const create = (): Promise<unknown>[] =>
    runs.map((run) =>
      store.createRuns(toRequest(run)).then(
        ({ kind }) => settled.push(kind),
        (error: unknown) => settled.push(error),
      ),
    );
  const isRefused = (error: unknown): boolean =>
    error instanceof StoreUnavailableError && error.message.includes(`${database.path}: another connection has kept`);
  const writing = create();
  await nextTurn();
  time.pass(9_900);
  expect(settled).toEqual([]);
  time.pass(200);
  await Promise.all(writing);
  // From then on nobody has to wait for that.
  time.pass(1_000);
  await Promise.all(create());
  expect(settled.splice(0).map(isRefused)).toEqual(Array(6).fill(true));
  expect(await store.listRuns({ limit: 9 })).toEqual([]);
  other.exec("COMMIT");
  await Promise.all(create());
  expect(settled).toEqual(["created", "created", "created"]);
  other.close();
});

test("who waits for a lock that others have one after the other is told nothing, however long that goes on", async () => {
  await using database = await createTemporaryDatabase();
  const { store, other } = await openBoth(database);
  using time = holdTime("setTimeout", "performance");
  other.exec("BEGIN IMMEDIATE");
  const writing = store.createRuns(toRequest(newRun()));
  await nextTurn();
  for (let round = 0; round < 5; round += 1) {
    time.pass(9_000);
    other.exec("INSERT INTO kv (scope, key, text) VALUES ('global', hex(randomblob(9)), '1'); COMMIT; BEGIN IMMEDIATE");
  }
  other.exec("COMMIT");
  time.pass(20);
  expect(await writing).toMatchObject({ kind: "created" });
  other.close();
});

test("a process that was held up itself does not take that for a lock that is kept", async () => {
  await using database = await createTemporaryDatabase();
  const { store, other } = await openBoth(database);
  // Its timers are late by as much.
  using time = holdTime("performance");
  other.exec("BEGIN IMMEDIATE");
  const writing = store.createRuns(toRequest(newRun()));
  const untilTried = (): Promise<void> => {
    const tries = countRollbacks(store);
    return vi.waitFor(() => expect(countRollbacks(store)).toBeGreaterThan(tries + 1));
  };
  await untilTried();
  time.pass(60_000);
  await untilTried();
  other.exec("COMMIT");
  expect(await writing).toMatchObject({ kind: "created" });
  other.close();
});

test("a store is closed while another program keeps the lock", async () => {
  await using database = await createTemporaryDatabase();
  const { store, other } = await openBoth(database);
  using time = holdTime("setTimeout", "performance");
  other.exec("BEGIN IMMEDIATE");
  const refused = store.createRuns(toRequest(newRun())).catch((error: unknown) => error);
  const closed = store.close();
  await nextTurn();
  time.pass(10_100);
  await closed;
  expect(await refused).toBeInstanceOf(StoreUnavailableError);
  other.close();
});

test.for([
  ["a new database", 0],
  ["one of an older version", 5],
] as const)(
  "%s is not opened while another program keeps its lock: after ten seconds that is told",
  async ([, version]) => {
    await using database = await createTemporaryDatabase();
    const other = new Database(database.path);
    other.pragma("journal_mode = WAL");
    if (version > 0) migrate(other, database.path, MIGRATIONS.slice(0, version));
    other.exec("BEGIN IMMEDIATE");
    using time = holdTime("performance");
    let refusal: unknown;
    const opening = openConnection(database.path, "full").catch((error: unknown) => void (refusal = error));
    let passed = 0;
    await expect.poll(() => (time.pass(500), (passed += 500), refusal)).toBeInstanceOf(DatabaseOpenError);
    await opening;
    expect(passed).toBeGreaterThanOrEqual(10_000);
    expect(String(refusal)).toContain(
      `The database ${database.path} cannot be opened: another connection has kept its lock`,
    );
    other.exec("ROLLBACK");
    const db = await openConnection(database.path, "full");
    expect(db.pragma("user_version", { simple: true })).toBe(MIGRATIONS.length);
    db.close();
    other.close();
  },
);
