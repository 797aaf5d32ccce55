/** What an HTTP client sends. */
export interface Sent {
  readonly method?: string;
  /** Anything but a text and bytes is sent as JSON; bytes have no type but the one in the headers. */
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

/** What it gets. */
export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  /** Parsed where it is JSON. */
  readonly body: unknown;
}

/** Sends a request as any HTTP client would, and reads the answer. */
export async function call(
  url: string,
  { body, headers = {}, method = body === undefined ? "GET" : "POST" }: Sent = {},
): Promise<Answer> {
  const hasNoType = body === undefined || body instanceof Uint8Array;
  const response = await fetch(url, {
    method,
    headers: { ...(!hasNoType && { "content-type": "application/json" }), ...headers },
    ...(body !== undefined && { body: isAsItIs(body) ? body : JSON.stringify(body) }),
  });
  const text = await response.text();
  const isJson = response.headers.get("content-type")?.includes("json") ?? false;
  return { status: response.status, headers: response.headers, body: isJson ? JSON.parse(text) : text };
}

function isAsItIs(body: unknown): body is string | Uint8Array<ArrayBuffer> {
  return typeof body === "string" || body instanceof Uint8Array;
}
