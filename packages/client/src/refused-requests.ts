import { InvalidOptionError } from "@beckon/core/runtime";
import { RequestError } from "./call-failure.ts";
import { UNSENDABLE_HEADERS } from "./exchange.ts";

/*
 * What is no request, or would be another one where it arrives. Only Node's way to a server tells enough to refuse it: a browser resolves
 * addresses against its page, and shows no redirects.
 */

/** What the client puts behind the url that it is given. */
const PROCEDURE_PATH = /\/(trpc|api\/v1)\/.*$/;

/** @throws InvalidOptionError where the address is that of a page's origin, or no address at all */
export function toAddress(url: string): URL {
  if (URL.canParse(url)) return new URL(url);
  const given = JSON.stringify(url.replace(PROCEDURE_PATH, ""));
  throw new InvalidOptionError(
    "url",
    `expected the whole of it, such as "http://localhost:3000": ${given} is no address where there is no page`,
  );
}

export interface Redirect {
  readonly from: URL;
  readonly method: string | undefined;
  readonly status: number;
  readonly location: string;
}

/**
 * A redirect that is followed to another origin leaves the key behind, and one by 301 to 303 makes a GET of a POST: the answer to what
 * is left of the call would blame the caller. @throws RequestError
 */
export function checkRedirect({ from, method = "GET", status, location }: Redirect): void {
  const to = new URL(location, from);
  const lost = to.origin === from.origin ? "body" : "key";
  if (lost === "body" && (method === "GET" || status > 303)) return;
  const [base, nextBase] = [from, to].map(({ origin, pathname }) => (origin + pathname).replace(PROCEDURE_PATH, ""));
  const isMoved = PROCEDURE_PATH.test(to.pathname) && nextBase !== base;
  const advice = isMoved ? `give the client ${nextBase} as its url` : "let it answer there, or redirect by 308";
  throw new RequestError(
    `The server at ${base} redirects to ${to.origin}${to.pathname} by ${status}, which the ${lost} of a call does not follow: ${advice}.`,
    status,
  );
}

/** What Node refuses to send, which no other try would change. */
export function toRefusal(error: unknown): unknown {
  const { code, cause } = error as { readonly code?: string; readonly cause?: { readonly code?: string } };
  const isUnsendable = code === "ERR_INVALID_CHAR" || cause?.code === "UND_ERR_INVALID_ARG";
  return isUnsendable ? new InvalidOptionError("headers", UNSENDABLE_HEADERS) : error;
}
