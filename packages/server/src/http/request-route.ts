import type { Engine } from "@beckon/engine";
import { TRPCError } from "@trpc/server";
import type { Hono } from "hono";
import { mediaTypeOf, readPlainBody, readText, writeBody } from "./api-body.ts";

/** Below the public URL, with a token behind it: what `io.waitForRequest` hands out. */
const REQUESTS_PATH = "/api/v1/requests";

/** Takes what outside services POST to a waiting run. The token in the URL is the credential, so no key is asked for. */
export function mountRequests(app: Hono, { engine }: { readonly engine: Engine }): void {
  app.post(`${REQUESTS_PATH}/:token`, async (c) => {
    await engine.completeRequest({ token: c.req.param("token"), body: await readAny(c.req.raw) });
    return writeBody(c.req.raw, { delivered: true }, 200);
  });
}

/**
 * Outside services send what they like: JSON as its value, a form as a record of its fields (a list for one that comes more
 * than once; a file as its name, type and content in base64), anything else as text. Nobody has shown a key, so superjson is
 * refused.
 */
async function readAny(request: Request): Promise<unknown> {
  const type = mediaTypeOf(request);
  if (type.endsWith("json")) return readPlainBody(request);
  if (type === "application/x-www-form-urlencoded") return toRecord(new URLSearchParams(await readText(request)));
  if (type === "multipart/form-data") return toRecord(await readForm(request));
  return (await readText(request)) || undefined;
}

async function readForm(request: Request): Promise<FormData> {
  try {
    return await request.formData();
  } catch (error) {
    // Its boundary is missing, or its parts are cut off.
    const reason = error instanceof Error ? error.message : String(error);
    throw new TRPCError({ code: "PARSE_ERROR", message: `The body is no form: ${reason}`, cause: error });
  }
}

async function toRecord(fields: URLSearchParams | FormData): Promise<Readonly<Record<string, unknown>>> {
  const names = [...new Set(fields.keys())];
  const entries = names.map(async (name) => {
    const [first, ...others] = await Promise.all(fields.getAll(name).map(toField));
    return [name, others.length === 0 ? first : [first, ...others]] as const;
  });
  return Object.fromEntries(await Promise.all(entries));
}

async function toField(field: string | File): Promise<unknown> {
  if (typeof field === "string") return field;
  // As a text: an array of bytes takes four times the space in the codec, and ten times the time.
  return { name: field.name, type: field.type, base64: Buffer.from(await field.arrayBuffer()).toString("base64") };
}
