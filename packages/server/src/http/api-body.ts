import { annotate, ENVELOPE_DEPTH, restoreForeign } from "@beckon/core/runtime";
import { TRPCError } from "@trpc/server";
import { toPlainJson } from "../plain-json.ts";
import { createSecureResponse, securing } from "./secure-headers.ts";

/** superjson's shape of a value, for clients whose language can read it back: dates, maps and the like are kept. */
export const RICH_TYPE = "application/superjson+json";

export const JSON_TYPE = "application/json";

const JSON_HEADERS = securing({ "content-type": JSON_TYPE });

const RICH_HEADERS = securing({ "content-type": RICH_TYPE });

/** Reads what was sent as JSON or as superjson; an empty body is undefined. @throws TRPCError */
export async function readBody(request: Request): Promise<unknown> {
  const bytes = await readBytes(request);
  if (bytes.byteLength === 0) return undefined;
  const type = mediaTypeOf(request);
  if (type === RICH_TYPE) return readRich(parseJson(toText(bytes)));
  if (isJson(type)) return parseJson(toText(bytes));
  throw unreadable(type, `${JSON_TYPE}, or ${RICH_TYPE} for dates, maps and the like`);
}

/** `readBody` of a door that asks for no key: plain JSON, which cannot say more than it is long. @throws TRPCError */
export async function readPlainBody(request: Request): Promise<unknown> {
  return parsePlain(mediaTypeOf(request), await readBytes(request));
}

/** The value that the bytes of a body of this type stand for; of none undefined. @throws TRPCError */
export function parsePlain(type: string, bytes: ArrayBuffer): unknown {
  if (bytes.byteLength === 0) return undefined;
  if (type === RICH_TYPE || !isJson(type)) throw unreadable(type, JSON_TYPE);
  return parseJson(toText(bytes));
}

/** `application/json`, `application/vnd.acme+json` and the like; `application/x-ndjson` is many values, and so none. */
export function isJson(type: string): boolean {
  return /[/+]json$/.test(type);
}

function unreadable(type: string, readable: string): TRPCError {
  const message = `A body of type "${type || "none"}" cannot be read: send ${readable}.`;
  return new TRPCError({ code: "UNSUPPORTED_MEDIA_TYPE", message });
}

/** Reads the body as it is. @throws TRPCError where the client leaves before it has sent all */
export function readBytes(request: Request): Promise<ArrayBuffer> {
  return request.arrayBuffer().catch(failToRead);
}

/** Reads a body of JSON as its text. @throws TRPCError */
export function readText(request: Request): Promise<string> {
  return readBytes(request).then(toText);
}

const utf8 = new TextDecoder("utf-8", { fatal: true });

/** `Request.text` would put replacement characters where the bytes are no text: the run would be made, of something else. */
function toText(bytes: ArrayBuffer): string {
  try {
    return utf8.decode(bytes);
  } catch (cause) {
    throw new TRPCError({ code: "PARSE_ERROR", message: "The body is no JSON: its bytes are not UTF-8.", cause });
  }
}

/** Tells who left, which is no failure of the server, from a host that leaves nothing to read. */
export function failToRead(cause: unknown): never {
  if (cause instanceof TypeError) {
    const message = `The body of a request could not be read (${cause.message}): mount the server before what reads bodies.`;
    throw new Error(message, { cause });
  }
  throw new TRPCError({ code: "CLIENT_CLOSED_REQUEST", message: "The body broke off before its end.", cause });
}

/** The type of a body, without its parameters. */
export function mediaTypeOf(request: Request): string {
  return request.headers.get("content-type")?.split(";", 1)[0]?.trim().toLowerCase() ?? "";
}

/** Writes a value as the client asked for it; plain JSON says what JSON can say. */
export function writeBody(request: Request, value: unknown, status: number): Response {
  const isRich = wantsRich(request);
  const text = isRich ? JSON.stringify(annotate(value, "response", ENVELOPE_DEPTH)) : toPlainJson(value);
  return createSecureResponse(text, { status, headers: isRich ? RICH_HEADERS : JSON_HEADERS });
}

export function wantsRich(request: Request): boolean {
  return request.headers.get("accept")?.toLowerCase().includes(RICH_TYPE) ?? false;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new TRPCError({ code: "PARSE_ERROR", message: `The body is no JSON: ${reason}.`, cause: error });
  }
}

function readRich(value: unknown): unknown {
  if (typeof value !== "object" || value === null || !("json" in value))
    throw noSuperjson('send { "json": …, "meta": … }');
  try {
    return restoreForeign(value);
  } catch (error) {
    // Its `meta` names a type that the value beside it cannot be read as, or a path that is not there.
    throw noSuperjson(error instanceof Error ? error.message : String(error), error);
  }
}

function noSuperjson(reason: string, cause?: unknown): TRPCError {
  return new TRPCError({ code: "PARSE_ERROR", message: `The body is no superjson: ${reason}.`, cause });
}
