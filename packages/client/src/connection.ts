import { MOST_OPEN } from "#platform-exchange";
import { createProcedureCalls, type ProcedureCalls, type ProcedureType } from "./procedure-calls.ts";
import { type ConnectionOptions, createServerRequests, type ServerRequests } from "./server-requests.ts";
import { SharedStream } from "./shared-stream.ts";
import { withRetries } from "./with-retries.ts";

/** A server, as the handles of a client reach it. */
export interface Connection extends ServerRequests {
  /** Calls a procedure, again where that is safe. `isRepeatable`: sent twice it happens once. @throws OperationError */
  call(
    type: ProcedureType,
    path: string,
    options: { readonly input: unknown; readonly isRepeatable: boolean },
  ): Promise<unknown>;
  /** Calls a procedure that may take long, once. @throws CallFailure */
  readonly callAlone: ProcedureCalls["callAlone"];
  /** Calls a procedure once, in a request with others of its tick. @throws CallFailure */
  readonly callOnce: ProcedureCalls["call"];
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
    shared,
    holdOpen: () => {
      if (open >= MOST_OPEN && !shared.isRefused) return null;
      open += 1;
      return () => void (open -= 1);
    },
    callOnce: (type, path, call) => procedures.call(type, path, call),
    callAlone: (type, path, call) => procedures.callAlone(type, path, call),
    call: (type, path, { input, isRepeatable }) =>
      withRetries(isRepeatable, () => procedures.call(type, path, { input })),
  };
}
