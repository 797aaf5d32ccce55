import { createProcedureCalls, type ProcedureType } from "./procedure-calls.ts";
import { type ConnectionOptions, createServerRequests, type ServerRequests } from "./server-requests.ts";
import { withRetries } from "./with-retries.ts";

/** A server, as the handles of a client reach it. */
export interface Connection extends ServerRequests {
  /** Calls a procedure, again where that is safe. `isRepeatable`: sent twice it happens once. @throws OperationError */
  call(
    type: ProcedureType,
    path: string,
    options: { readonly input: unknown; readonly isRepeatable: boolean },
  ): Promise<unknown>;
  /** Calls a query that may take long, once. @throws CallFailure */
  callAlone(path: string, input: unknown, signal: AbortSignal): Promise<unknown>;
}

export function createConnection(options: ConnectionOptions): Connection {
  const requests = createServerRequests(options);
  const procedures = createProcedureCalls(requests);
  return {
    ...requests,
    callAlone: (path, input, signal) => procedures.callAlone(path, input, signal),
    call: (type, path, { input, isRepeatable }) => withRetries(isRepeatable, () => procedures.call(type, path, input)),
  };
}
