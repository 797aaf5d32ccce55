import { type Annotated, restore } from "@beckon/core/runtime";
import { type CallFailure, NOT_OURS, refusedCall } from "./call-failure.ts";
import { readEventStream, type StreamMessage } from "./event-stream.ts";
import type { ExchangeRequest } from "./exchange.ts";
import { readRefusal, type WireRefusal } from "./procedure-calls.ts";
import type { ServerRequests } from "./server-requests.ts";

/** What a subscription gives, or that it has ended. `other`: the server shows that it is there. */
export type Told<Value> = Value | "end" | "other";

/** Opens a subscription, by the path of its procedure with its input. @throws CallFailure */
export async function* openStream<Value>(
  requests: ServerRequests,
  path: string,
  request: Partial<ExchangeRequest>,
): AsyncGenerator<Told<Value>> {
  const response = await requests.stream(`/trpc/${path}`, {
    ...request,
    headers: { ...request.headers, accept: "text/event-stream" },
  });
  if (!response.ok) throw toRefusal(await response.json(), response);
  for await (const message of readEventStream(response)) yield readMessage(message);
}

function toRefusal(body: unknown, { status, headers }: Response): CallFailure {
  const { error } = (body ?? {}) as { readonly error?: WireRefusal };
  return error === undefined
    ? refusedCall({ status, message: NOT_OURS, headers })
    : readRefusal(error, { status, headers });
}

function readMessage<Value>({ event, data }: StreamMessage): Told<Value> {
  if (event === "message") return restore(JSON.parse(data) as Annotated) as Value;
  if (event === "serialized-error")
    throw readRefusal(JSON.parse(data) as Annotated, { status: 500, headers: new Headers() });
  return event === "return" ? "end" : "other";
}
