import { MOST_OPEN } from "#platform-exchange";
import { createProcedureCalls, type ProcedureCalls, type ProcedureType, toWire } from "./procedure-calls.ts";
import { type ConnectionOptions, createServerRequests, type ServerRequests } from "./server-requests.ts";
import { SharedStream } from "./shared-stream.ts";
import { withRetries } from "./with-retries.ts";

/** A server, as the handles of a client reach it. */
export interface Connection extends ServerRequests, ProcedureCalls {
  /** Calls a procedure, again where that is safe: a query may be sent twice. @throws OperationError */
  call(type: ProcedureType, path: string, input: unknown): Promise<unknown>;
  /** For a request that stays open: gives what is called at its end, or null where there are as many as the platform bears. */
  holdOpen(): (() => void) | null;
  /** For the runs that get none of their own. */
  readonly shared: SharedStream;
}

export function createConnection(options: ConnectionOptions): Connection {
  const requests = createServerRequests(options);
  const procedures = createProcedureCalls(requests);
  const shared = new SharedStream(requests);
  let open = 0;
  return {
    ...requests,
    ...procedures,
    shared,
    holdOpen: () => {
      if (open >= MOST_OPEN && !shared.isRefused) return null;
      open += 1;
      return () => void (open -= 1);
    },
    call: async (type, path, input) => {
      // Once, for all attempts: the caller may change the object meanwhile.
      const written = { input: input === undefined ? input : toWire(input) };
      return withRetries(type === "query", () => procedures.callOnce(type, path, written));
    },
  };
}
