import Database from "better-sqlite3";
import { expect, test } from "vitest";
import { Session } from "./session.ts";

test("a read under which SQLite has ended the transaction, as it does when the disk fails, fails with what happened", () => {
  const db = new Database(":memory:");
  const session = new Session(db);
  const fail = (): never => {
    db.exec("ROLLBACK");
    throw new Error("disk I/O error");
  };
  expect(() => session.snapshot(fail)).toThrow("disk I/O error");
  expect(session.snapshot(() => db.inTransaction)).toBe(true);
  db.close();
});
