import { annotate, type Annotated, ENVELOPE_DEPTH, restore } from "@beckon/core/runtime";
import { type CallFailure, lostCall, refusedCall } from "./call-failure.ts";
import type { Answer, ServerRequests } from "./server-requests.ts";

/*
 * tRPC's wire, spoken directly. `@trpc/client` would bring 6 kB gzip and three parts that do not fit: a batch link
 * that holds a lone call back by a timer for more than a millisecond, a retry link that does not see `Retry-After`, and
 * a subscription link that sends credentials only in URLs.
 */

/** So many calls at most share a request. */
const MAX_BATCH = 50;

/**
 * And so many characters of input: a server takes a body of 4 MB, of which a character may be three bytes, and a query's is in its
 * address, which Node reads up to 16 KB with the headers. A call with more goes alone; where it is a query, in a body, too.
 */
const MAX_INPUT = { query: 8_000, mutation: 1_000_000 } as const;

export type ProcedureType = "query" | "mutation";

interface PendingCall {
  readonly type: ProcedureType;
  readonly path: string;
  /** As JSON; undefined: it has none. */
  readonly input: string | undefined;
  readonly signal: AbortSignal | undefined;
  readonly settle: (answer: Promise<unknown>) => void;
}

export interface CallOptions {
  /** As `toWire` wrote it; undefined: it has none. */
  readonly input: string | undefined;
  /** Ends the wait for the answer. */
  readonly signal?: AbortSignal | undefined;
}

export interface ProcedureCalls {
  /** Sends a call: a lone one at once, those of one tick together. @throws CallFailure */
  callOnce(type: ProcedureType, path: string, options: CallOptions): Promise<unknown>;
  /** Sends a call that may take long by itself, so that no other waits for its answer. @throws CallFailure */
  callAlone(type: ProcedureType, path: string, options: CallOptions): Promise<unknown>;
}

export function createProcedureCalls(requests: ServerRequests): ProcedureCalls {
  let pending: PendingCall[] = [];
  const dispatch = (): void => {
    const calls = pending;
    pending = [];
    for (const type of ["query", "mutation"] as const) {
      for (const batch of toBatches(calls.filter((call) => call.type === type))) sendTogether(batch, requests);
    }
  };
  return {
    callOnce: (type, path, { input, signal }) =>
      new Promise((resolve, reject) => {
        // A microtask: after the code that is running, and before anything else.
        if (pending.length === 0) queueMicrotask(dispatch);
        pending.push({
          type,
          path,
          input,
          signal,
          settle: (answer) => void answer.then(resolve, reject),
        });
        // Others may wait for the request that it is in.
        signal?.addEventListener("abort", () => reject(lostCall(requests.description, signal.reason)));
      }),
    callAlone: async (type, path, { input, signal }) => readAnswer(await ask(requests, { type, path, input, signal })),
  };
}

/** An input as it is sent. A value that would be lost is refused by its path. @throws UnserializableValueError */
export function toWire(input: unknown): string {
  return JSON.stringify(annotate(input, "", ENVELOPE_DEPTH));
}

/** In their order, each as large as a request may be. */
function toBatches(calls: readonly PendingCall[]): readonly (readonly PendingCall[])[] {
  const batches: PendingCall[][] = [];
  let batch: PendingCall[] = [];
  let size = 0;
  for (const call of calls) {
    const { length } = toSent(call);
    if (batch.length === 0 || batch.length === MAX_BATCH || size + length > MAX_INPUT[call.type]) {
      batch = [];
      size = 0;
      batches.push(batch);
    }
    batch.push(call);
    size += length;
  }
  return batches;
}

function sendTogether(calls: readonly PendingCall[], requests: ServerRequests): void {
  const [first] = calls;
  if (first === undefined) return;
  if (calls.length === 1) return first.settle(ask(requests, first).then(readAnswer));
  const answers = ask(requests, {
    type: first.type,
    path: `${calls.map(({ path }) => path).join(",")}?batch=1`,
    input: toBatchInput(calls),
  });
  for (const [index, { settle }] of calls.entries()) {
    // One answer for all is a refusal of the request as a whole.
    settle(
      answers.then((answer) =>
        readAnswer({ ...answer, body: Array.isArray(answer.body) ? answer.body[index] : answer.body }),
      ),
    );
  }
}

/** The inputs by their places in the batch, as JSON; a call that has none is left out. */
function toBatchInput(calls: readonly PendingCall[]): string {
  return `{${calls.flatMap(({ input }, index) => (input === undefined ? [] : `"${index}":${input}`)).join(",")}}`;
}

interface Question {
  readonly type: ProcedureType;
  readonly path: string;
  readonly input: string | undefined;
  readonly signal?: AbortSignal | undefined;
}

function ask(requests: ServerRequests, { type, path, input, signal }: Question): Promise<Answer> {
  const separator = path.includes("?") ? "&" : "?";
  const sent = toSent({ type, input });
  const isPosted = type === "mutation" || sent.length > MAX_INPUT.query;
  const query = !isPosted && input !== undefined ? `${separator}input=${sent}` : "";
  const body = isPosted && { method: "POST", headers: { "content-type": "application/json" }, body: input };
  return requests.ask(`/trpc/${path}${query}`, { ...body, signal });
}

/** The input as the request has it. */
function toSent({ type, input = "" }: Pick<Question, "type" | "input">): string {
  return type === "query" ? encodeURIComponent(input) : input;
}

function readAnswer(answer: Answer): unknown {
  const { result } = Object(answer.body) as { readonly result?: unknown };
  if (typeof result !== "object" || result === null) throw readRefusal(answer);
  const { data } = result as { readonly data?: Annotated };
  return data === undefined ? undefined : restore(data);
}

/**
 * The failure that an answer without a result means. Its error is of tRPC's shape, in superjson's; or of REST's, from what stands before
 * the procedures; or whatever a gateway writes there, which may be a text, or nothing.
 */
export function readRefusal({ status, headers, body }: Answer): CallFailure {
  const { error } = Object(body) as { readonly error?: unknown };
  const { json, message } = Object(error) as ErrorShape & { readonly json?: unknown };
  if (json === undefined) return refusedCall({ status, headers, wire: error, message });
  const shape = Object(restore(error as Annotated)) as ErrorShape;
  return refusedCall({
    status: shape.data?.httpStatus ?? status,
    message: shape.message,
    wire: shape.data?.beckon,
    headers,
  });
}

interface ErrorShape {
  readonly message?: unknown;
  readonly data?: { readonly httpStatus?: number; readonly beckon?: unknown };
}
