import { randomBytes, randomUUID } from "node:crypto";

/** Where the engine's chance comes from, so that tests can fix it. */
export interface Randomness {
  /** 0 ≤ x < 1 */
  next(): number;
  uuid(): string;
  /** 32 characters that nobody can guess: what opens a `waitForRequest`. */
  token(): string;
}

export const systemRandomness: Randomness = {
  next: () => Math.random(), // oxlint-disable-line house/no-ambient-time -- this is the chance that everything else is handed
  uuid: () => randomUUID(),
  token: () => randomBytes(24).toString("base64url"),
};
