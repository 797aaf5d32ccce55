import { TRPCError } from "@trpc/server";
import { isJson, mediaTypeOf, parsePlain, readBytes } from "./api-body.ts";

/**
 * Outside services send what they like: JSON as its value, a form as a record of its fields (a list for one that comes more
 * than once; a file as its name, type and content in base64), anything else as text, or where its bytes are none as their type
 * and content. Nobody has shown a key, so superjson is refused. Where a body is not what its type says it is refused, too: what
 * has been delivered is not sent again, so nothing may be lost of it. @throws TRPCError
 */
export async function readAnyBody(request: Request): Promise<unknown> {
  const type = mediaTypeOf(request);
  const bytes = await readBytes(request);
  const fullType = request.headers.get("content-type") ?? "";
  if (type === "multipart/form-data") return toRecord(await readForm(bytes, fullType));
  if (isJson(type)) return parsePlain(type, bytes);
  const charset = charsetOf(fullType);
  // In another charset its escapes are nobody's to read but the job's, which gets the text.
  if (type === "application/x-www-form-urlencoded" && /^utf-?8$/i.test(charset)) return toRecord(parseForm(bytes));
  const text = decode(bytes, charset);
  return text === null ? { type: fullType, base64: toBase64(bytes) } : text || undefined;
}

const UTF_8 = "utf-8";

const NOT_UTF_8 = "its bytes are not UTF-8";

function refuse(reason: string, cause?: unknown): never {
  throw new TRPCError({ code: "PARSE_ERROR", message: `The body is no form: ${reason}.`, cause });
}

function charsetOf(fullType: string): string {
  return /;\s*charset\s*=\s*"?([^\s";]+)/i.exec(fullType)?.[1] ?? UTF_8;
}

/** null: that is no text in this charset, or nobody knows the charset. */
function decode(bytes: ArrayBuffer, charset: string): string | null {
  try {
    return new TextDecoder(charset, { fatal: true }).decode(bytes);
  } catch {
    return null;
  }
}

function parseForm(bytes: ArrayBuffer): URLSearchParams {
  const text = decode(bytes, UTF_8);
  if (text === null || !isEscapedUtf8(text)) return refuse(NOT_UTF_8);
  return new URLSearchParams(text);
}

/** `URLSearchParams` would put a replacement character where the escaped bytes are no text. A lone percent sign stands for itself. */
function isEscapedUtf8(text: string): boolean {
  try {
    decodeURIComponent(text.replace(/%(?![\da-f]{2})/gi, "%25"));
    return true;
  } catch {
    return false;
  }
}

const REPLACEMENT = "\uFFFD";

async function readForm(bytes: ArrayBuffer, type: string): Promise<FormData> {
  const fields = await new Response(bytes, { headers: { "content-type": type } }).formData().catch((error: unknown) =>
    // Its boundary is missing, or its parts are cut off.
    refuse(error instanceof Error ? error.message : String(error), error),
  );
  const texts = [...fields.values()].filter((field) => typeof field === "string");
  if (texts.some((text) => text.includes(REPLACEMENT)) && !Buffer.from(bytes).includes(REPLACEMENT))
    refuse("a part that is no file is not UTF-8");
  return fields;
}

/** More than any form has. Each becomes a part of the payload, and a body of 4 MB has room for hundreds of thousands. */
const MOST_FIELDS = 10_000;

async function toRecord(form: URLSearchParams | FormData): Promise<Readonly<Record<string, unknown>>> {
  const fields = [...form];
  if (fields.length > MOST_FIELDS) throw tooManyFields(fields.length);
  const read = await Promise.all(fields.map(async ([name, field]) => ({ name, value: await toField(field) })));
  // Not by `getAll`, which looks at all fields for each name.
  const byName = Map.groupBy(read, ({ name }) => name);
  const entries = [...byName].map(([name, sameName]) => {
    const values = sameName.map(({ value }) => value);
    return [name, values.length === 1 ? values[0] : values] as const;
  });
  return Object.fromEntries(entries);
}

function tooManyFields(count: number): TRPCError {
  const message = `The form has ${count} fields, and ${MOST_FIELDS} are the most that are read: send so many as JSON.`;
  return new TRPCError({ code: "PAYLOAD_TOO_LARGE", message });
}

async function toField(field: string | File): Promise<unknown> {
  if (typeof field === "string") return field;
  return { name: field.name, type: field.type, base64: toBase64(await field.arrayBuffer()) };
}

/** As a text: an array of bytes takes four times the space in the codec, and ten times the time. */
function toBase64(bytes: ArrayBuffer): string {
  return Buffer.from(bytes).toString("base64");
}
