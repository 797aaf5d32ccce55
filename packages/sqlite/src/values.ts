import type { ValueVerbs } from "@beckon/engine";
import type { LiveRuns } from "./live-run.ts";
import type { Session } from "./session.ts";

function prepare(session: Session) {
  return {
    // `io.store` reads, writes and deletes; primary key.
    read: session.hot<{ readonly text: string }>("SELECT text FROM kv WHERE scope = ? AND key = ?"),
    write: session.hot("REPLACE INTO kv (scope, key, text) VALUES (?, ?, ?)"),
    delete: session.hot("DELETE FROM kv WHERE scope = ? AND key = ?"),
  };
}

/** The durable values of `io.store`. */
export class Values {
  readonly #sql: ReturnType<typeof prepare>;
  readonly #runs: LiveRuns;

  constructor(session: Session, parts: { readonly runs: LiveRuns }) {
    this.#sql = prepare(session);
    this.#runs = parts.runs;
  }

  read(scope: string, key: string): string | null {
    return this.#sql.read.get(scope, key)?.text ?? null;
  }

  write(request: Parameters<ValueVerbs["writeValue"]>[0]): "written" | "absent" | "lost" {
    const { scope, key, text, claim } = request;
    if (claim !== null && this.#runs.findClaimed(claim) === undefined) return "lost";
    if (text === null) return this.#sql.delete.run(scope, key).changes === 1 ? "written" : "absent";
    this.#sql.write.run(scope, key, text);
    return "written";
  }
}
