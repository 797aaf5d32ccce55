/** A message of a stream of server-sent events. */
export interface StreamMessage {
  /** `message` where the server named none. */
  readonly event: string;
  readonly data: string;
}

/** Servers say at least every 15 s that they are there; a connection that is silent for longer than this is dead. */
export const LONGEST_SILENCE_MS = 50_000;

/**
 * Reads an answer as server-sent events. Not the platform's `EventSource`: it sends no headers, and so would want
 * the credentials in the URL, where logs keep them.
 */
export async function* readEventStream({ body }: Response): AsyncGenerator<StreamMessage> {
  if (body === null) return;
  const decoder = new TextDecoder();
  let text = "";
  for await (const chunk of readChunks(body)) {
    const blocks = (text + decoder.decode(chunk, { stream: true })).split(/\r?\n\r?\n/);
    text = blocks.pop() ?? "";
    yield* blocks.map(toMessage).filter((message) => message !== null);
  }
}

/** Not the stream's own iterator: Safari has none, and a dead connection would never end it. */
async function* readChunks(body: ReadableStream<Uint8Array>): AsyncGenerator<Uint8Array> {
  const reader = body.getReader();
  // The connection may be gone already: then there is nothing to cancel.
  const cancel = (): Promise<void> => reader.cancel().catch(() => undefined);
  let timer: ReturnType<typeof setTimeout> | undefined;
  try {
    for (;;) {
      timer = setTimeout(() => void cancel(), LONGEST_SILENCE_MS);
      const { done, value } = await reader.read();
      clearTimeout(timer);
      if (done) return;
      yield value;
    }
  } finally {
    clearTimeout(timer);
    await cancel();
  }
}

/** null: a block without data, such as a comment, is no message. */
function toMessage(block: string): StreamMessage | null {
  const fields = new Map<string, string>();
  for (const line of block.trim().split(/\r?\n/)) {
    // `s`: a text may hold U+2028, which a dot does not match otherwise.
    const [, name = "", value = ""] = /^([^:]*):? ?(.*)$/s.exec(line) ?? [];
    fields.set(name, fields.has(name) ? `${fields.get(name)}\n${value}` : value);
  }
  const data = fields.get("data");
  return data === undefined ? null : { event: fields.get("event") ?? "message", data };
}
