import Database from "better-sqlite3";
import { checkNode } from "./check-node.ts";

/** What SQLite's own check finds wrong with a file, a sentence each; empty: nothing. The file is only read. @throws DatabaseOpenError on an old Node */
export function checkIntegrity(path: string): readonly string[] {
  checkNode(path);
  const db = new Database(path, { readonly: true, fileMustExist: true });
  try {
    const rows = db.pragma("integrity_check") as readonly { readonly integrity_check: string }[];
    return rows.map((row) => row.integrity_check).filter((finding) => finding !== "ok");
  } finally {
    db.close();
  }
}
