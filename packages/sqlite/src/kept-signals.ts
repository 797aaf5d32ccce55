import type { SignalWrite } from "@beckon/engine";
import type { Session } from "./session.ts";

function prepare(session: Session) {
  return {
    // Nobody waits for the signal yet; rowid.
    keep: session.hot("INSERT INTO signals (name, id, payload) VALUES (?, ?, ?)"),
    // A step waits for a signal: the oldest kept one is its; signals_by_name.
    find: session.hot<{ readonly number: number; readonly payload: string }>(
      "SELECT number, payload FROM signals WHERE name = ? AND id IS ? ORDER BY number LIMIT 1",
    ),
    drop: session.hot("DELETE FROM signals WHERE number = ?"),
  };
}

/** Signals that were sent before anybody waited for them, oldest first. */
export class KeptSignals {
  readonly #sql: ReturnType<typeof prepare>;

  constructor(session: Session) {
    this.#sql = prepare(session);
  }

  keep(signal: SignalWrite): void {
    this.#sql.keep.run(signal.name, signal.id, signal.payload);
  }

  /** Takes the oldest one; one signal resolves one wait. */
  take(wanted: { readonly name: string; readonly id: string | null }): { readonly payload: string } | undefined {
    const kept = this.#sql.find.get(wanted.name, wanted.id);
    if (kept !== undefined) this.#sql.drop.run(kept.number);
    return kept;
  }
}
