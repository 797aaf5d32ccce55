import { statSync } from "node:fs";

/** How often it is looked whether the file is there, at the most. */
const LOOK_MS = 1_000;

/** The file of a database, as it was when it was opened. */
export class OpenFile {
  /** Its real one. */
  readonly path: string;
  /** Of which another file at that path has another. */
  readonly #inode: bigint;
  #lookedAt = Number.NEGATIVE_INFINITY;
  #isGone = false;

  constructor(path: string) {
    this.path = path;
    this.#inode = statSync(path, { bigint: true }).ino;
  }

  /** Whether it is this file that is at its path. */
  isThere(): boolean {
    return statSync(this.path, { bigint: true, throwIfNoEntry: false })?.ino === this.#inode;
  }

  /** The same, as of a moment ago: what is written to a file that was removed, or replaced, is gone with the process. */
  isGone(): boolean {
    const now = performance.now();
    if (now - this.#lookedAt < LOOK_MS) return this.#isGone;
    this.#lookedAt = now;
    try {
      this.#isGone = !this.isThere();
    } catch {
      // It cannot be looked at: of that the writes tell.
    }
    return this.#isGone;
  }
}
