import { type Annotated, restore } from "@beckon/core/runtime";
import { LONGEST_SILENCE_MS, readEventStream, type StreamMessage } from "./event-stream.ts";
import type { ExchangeRequest } from "./exchange.ts";
import { readRefusal } from "./procedure-calls.ts";
import type { ServerRequests } from "./server-requests.ts";
import { within } from "./within.ts";

/** What a subscription gives, or that it has ended. `other`: the server shows that it is there. */
export type Told<Value> = Value | "end" | "other";

/** Opens a subscription, by the path of its procedure with its input. @throws CallFailure */
export async function* openStream<Value>(
  requests: ServerRequests,
  path: string,
  { signal, ...request }: Partial<ExchangeRequest>,
): AsyncGenerator<Told<Value>> {
  const response = await within(LONGEST_SILENCE_MS, (silence) =>
    requests.stream(`/trpc/${path}`, {
      ...request,
      headers: { ...request.headers, accept: "text/event-stream" },
      // Browsers of before 2024 cannot join them: there a silent server is left when the caller does.
      signal: signal ? (AbortSignal.any?.([signal, silence]) ?? signal) : silence,
    }),
  );
  const { ok, status, headers } = response;
  // A gateway's may hold nothing, or be cut: its status says enough.
  if (!ok) throw readRefusal({ status, headers, body: await response.json().catch(() => undefined) });
  for await (const message of readEventStream(response)) yield readMessage(message);
}

function readMessage<Value>({ event, data }: StreamMessage): Told<Value> {
  if (event === "message") return restore(JSON.parse(data) as Annotated) as Value;
  if (event === "serialized-error")
    throw readRefusal({ status: 500, headers: new Headers(), body: { error: JSON.parse(data) as unknown } });
  return event === "return" ? "end" : "other";
}
