import type { Store } from "@beckon/engine";
import { connectionOf } from "@beckon/sqlite/testing";

/** More than the pages that are left on a full disk. */
export const LARGE = "x".repeat(200_000);

/** From here on the file grows no more. */
export function fillDisk(store: Store): void {
  const db = connectionOf(store);
  db.pragma(`max_page_count = ${Number(db.pragma("page_count", { simple: true }))}`);
}

export function freeDisk(store: Store): void {
  connectionOf(store).pragma("max_page_count = 1000000");
}
