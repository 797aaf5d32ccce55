import { lostCall, refusedCall } from "./call-failure.ts";

type HeaderValues = Readonly<Record<string, string>>;

/** How a server is reached. */
export interface ConnectionOptions {
  /** Of the server, such as `http://localhost:3000`; `""` is the origin that the page came from. */
  readonly url: string;
  /** Sent as `Authorization: Bearer …`, in a header and never in a URL. A function is asked at each request. */
  readonly token?: string | (() => string | undefined | Promise<string | undefined>) | undefined;
  /** Further headers. A function is asked at each request. */
  readonly headers?: HeaderValues | (() => HeaderValues | Promise<HeaderValues>) | undefined;
  /** Default: the global one. */
  readonly fetch?: typeof fetch | undefined;
}

/** Sends requests to one server, with its credentials. */
export interface ServerRequests {
  /** Names the server in messages. */
  readonly description: string;
  /** An answer in JSON or as a stream of events, whatever its status. @throws CallFailure when there is none */
  send(path: string, init: RequestInit): Promise<Response>;
  /** An answer in JSON, whatever its status. @throws CallFailure when there is none, or one that breaks off */
  ask(path: string, init: RequestInit): Promise<Answer>;
}

export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly body: unknown;
}

export function createServerRequests(options: ConnectionOptions): ServerRequests {
  const base = options.url.replace(/\/+$/, "");
  const description = `the server at ${base || "this page's origin"}`;
  const subject = description.replace("the", "The");
  const send = async (path: string, init: RequestInit): Promise<Response> => {
    const headers = { ...(await credentialsOf(options)), ...(init.headers as HeaderValues) };
    const request = (options.fetch ?? fetch)(`${base}${path}`, { ...init, headers });
    const response = await request.catch((error: unknown) => {
      throw lostCall(subject, error);
    });
    const type = response.headers.get("content-type") ?? "nothing";
    if (/json|event-stream/.test(type)) return response;
    const message = `${subject} answered with HTTP ${response.status} and ${type}, not JSON: check that its url is that of a Beckon server.`;
    throw refusedCall({ status: response.status, message, headers: response.headers });
  };
  const ask = async (path: string, init: RequestInit): Promise<Answer> => {
    const response = await send(path, init);
    const { status, headers } = response;
    const body: Promise<unknown> = response.json();
    return body.then(
      (value) => ({ status, headers, body: value }),
      (error: unknown) => {
        throw lostCall(subject, error);
      },
    );
  };
  return { description, send, ask };
}

async function credentialsOf({ token, headers }: ConnectionOptions): Promise<HeaderValues> {
  const bearer = typeof token === "function" ? await token() : token;
  const own = typeof headers === "function" ? await headers() : headers;
  return { ...own, ...(bearer !== undefined && { authorization: `Bearer ${bearer}` }) };
}
