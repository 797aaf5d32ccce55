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
  #isMissing = false;

  constructor(path: string) {
    this.path = path;
    this.#inode = statSync(path, { bigint: true }).ino;
  }

  /** Whether it is this file that is at its path. */
  isThere(): boolean {
    return statSync(this.path, { bigint: true, throwIfNoEntry: false })?.ino === this.#inode;
  }

  /**
   * Whether there is no file at its path any more, as of a moment ago: what is written to one that was removed is gone with the
   * process. Another one there is not told from it, since the inodes of some file systems change.
   */
  isMissing(): boolean {
    const now = performance.now();
    if (now - this.#lookedAt < LOOK_MS) return this.#isMissing;
    this.#lookedAt = now;
    this.#isMissing = isMissing(this.path);
    return this.#isMissing;
  }
}

function isMissing(path: string): boolean {
  try {
    return statSync(path, { throwIfNoEntry: false }) === undefined;
  } catch {
    return false; // It cannot be looked at: of that the writes tell.
  }
}
