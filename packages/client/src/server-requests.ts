import { InvalidOptionError, OperationError } from "@beckon/core/runtime";
import { exchange, fetchResponse } from "#platform-exchange";
import { isAway, lostCall, refusedCall } from "./call-failure.ts";
import { exchangeBy, toInit } from "./exchange-by-fetch.ts";
import { type AnswerHeaders, type Exchanged, type ExchangeRequest, UNSENDABLE_HEADERS } from "./exchange.ts";

type HeaderValues = Readonly<Record<string, string>>;

/** How a server is reached. */
export interface ConnectionOptions {
  /** Of the server, such as `http://localhost:3000`; `""` is the origin that the page came from. Without credentials: those go in headers. */
  readonly url: string;
  /** Sent as `Authorization: Bearer …`, in a header and never in a URL. A function is asked at each request. */
  readonly token?: string | (() => string | undefined | Promise<string | undefined>) | undefined;
  /** Further headers. A function is asked at each request. */
  readonly headers?: HeaderValues | (() => HeaderValues | Promise<HeaderValues>) | undefined;
  /** Default: the global one; in Node, where it is slower, `node:http` for all but streams of events. */
  readonly fetch?: typeof fetch | undefined;
}

/** Sends requests to one server, with its credentials. */
export interface ServerRequests {
  /** Names the server in messages. */
  readonly description: string;
  /** When it last answered anything but that it is away, in epoch milliseconds; 0: never. */
  answeredAt(): number;
  /** An answer that is a stream of events, or a refusal in JSON. @throws CallFailure when there is neither */
  stream(path: string, request: RequestParts): Promise<Response>;
  /** An answer in JSON, whatever its status. @throws CallFailure when there is none, or one that breaks off */
  ask(path: string, request: RequestParts): Promise<Answer>;
}

type RequestParts = Partial<ExchangeRequest>;

export interface Answer {
  readonly status: number;
  readonly headers: AnswerHeaders;
  readonly body: unknown;
}

/** @throws InvalidOptionError */
export function createServerRequests(options: ConnectionOptions): ServerRequests {
  const base = baseOf(options.url);
  const description = `the server at ${base || "this page's origin"}`;
  const lost = (error: unknown): never => {
    throw error instanceof OperationError ? error : lostCall(description, error);
  };
  const withCredentials = async (request: RequestParts): Promise<ExchangeRequest> => ({
    ...request,
    headers: { ...(await credentialsOf(options)), ...request.headers },
  });
  const checkType = ({ status, headers }: Pick<Answer, "status" | "headers">, wanted: RegExp): void => {
    const type = headers.get("content-type") ?? "nothing";
    if (wanted.test(type)) return;
    const message = `${description.replace("the", "The")} answered with HTTP ${status} and ${type}, not JSON: check that its url is that of a Beckon server.`;
    throw refusedCall({ status, message, headers });
  };
  const { token, headers: own } = options;
  // What is known by now is refused by now.
  toSendable(typeof token === "function" ? undefined : token, typeof own === "function" ? undefined : own);
  let answeredAt = 0;
  return {
    description,
    answeredAt: () => answeredAt,
    stream: async (path, request) => {
      const init = toInit(await withCredentials(request));
      const response = await (options.fetch ?? fetchResponse)(`${base}${path}`, init).catch(lost);
      checkType(response, /json|event-stream/);
      if (response.ok) answeredAt = Date.now();
      return response;
    },
    ask: async (path, request) => {
      const sent = await withCredentials(request);
      const exchangeOnce = options.fetch === undefined ? exchange : exchangeBy(options.fetch);
      const answer = await exchangeOnce(`${base}${path}`, sent).catch(lost);
      checkType(answer, /json/);
      if (!isAway(answer.status)) answeredAt = Date.now();
      return { ...answer, body: await readJson(answer).catch(lost) };
    },
  };
}

/** Rejects for an answer that was cut, too; of a refusal the status says enough, such as of a gateway that says nothing else. */
async function readJson({ status, text }: Exchanged): Promise<unknown> {
  try {
    return JSON.parse(text);
  } catch (error) {
    if (status < 400) throw error;
    return undefined;
  }
}

/** Paths are put behind it. What it is is not repeated: it may hold a password. */
function baseOf(url: unknown): string {
  const base = String(url).trim().replace(/\/+$/, "");
  if (/^(https?:\/\/[^/?#@\s]+)?(\/[^?#]*)?$/i.test(base)) return base;
  throw new InvalidOptionError("url", 'expected one such as "http://localhost:3000", with no password and no query');
}

async function credentialsOf({ token, headers }: ConnectionOptions): Promise<HeaderValues> {
  const bearer = typeof token === "function" ? await token() : token;
  const own = typeof headers === "function" ? await headers() : headers;
  return toSendable(bearer, own);
}

/** The headers as they are sent: without the newline at the end of a token that was read from a file. @throws InvalidOptionError */
function toSendable(bearer: string | undefined, own: HeaderValues | undefined): HeaderValues {
  try {
    const headers = new Headers(own);
    if (bearer !== undefined) headers.set("authorization", `Bearer ${bearer}`);
    return Object.fromEntries(headers);
  } catch {
    throw new InvalidOptionError("headers", UNSENDABLE_HEADERS);
  }
}
