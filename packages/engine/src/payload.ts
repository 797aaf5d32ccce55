import { asDecoded, decode, encode, parseWith } from "@beckon/core/runtime";
import type { Issue } from "@beckon/core/runtime";
import type { Frame } from "./io/frame.ts";

export type Payload =
  | { readonly ok: true; readonly value: unknown }
  | { readonly ok: false; readonly issues: readonly Issue[] };

/** Kept in place of a payload that the codec cannot keep, such as a class instance. No text of the codec reads like it. */
const MADE_ANEW = "made anew";

/** In the text of every value in which there are any. */
const BYTES = '"typed-array"';

/**
 * What `run` is given. The first execution parses what the caller sent; where parsing changed it (defaults,
 * transforms, the order of properties), the result is kept before `run` sees it, so that every replay gets the
 * same value. A value that the codec cannot keep is parsed anew each time, and needs a schema without chance in it.
 */
export function readPayload(frame: Frame): Payload | Promise<Payload> {
  const { input, payload, tasks } = frame.claimed;
  const { schema } = frame.definition;
  if (payload === MADE_ANEW) return parseWith(schema, decode(input));
  if (payload !== null) return { ok: true, value: decode(payload) };
  // Nothing was kept when the run recorded its first step, so its payload was its input; a schema deployed since does not count.
  if (tasks.length > 0) return { ok: true, value: decode(input) };
  const parsed = parseWith(schema, decode(input));
  return parsed instanceof Promise ? parsed.then((result) => keepParsed(frame, result)) : keepParsed(frame, parsed);
}

function keepParsed(frame: Frame, parsed: Payload): Payload | Promise<Payload> {
  if (!parsed.ok || frame.definition.schema === undefined) return parsed;
  const text = encodeIfPossible(parsed.value);
  if (text !== frame.claimed.input) return keepChanged(frame, parsed, text);
  // A Buffer has the text of the bytes that came, and is none on replay.
  return text.includes(BYTES) ? { ok: true, value: asDecoded(parsed.value, text) } : parsed;
}

async function keepChanged({ writer }: Frame, parsed: Payload, text: string | null): Promise<Payload> {
  writer.notePayload(text ?? MADE_ANEW);
  await writer.save();
  // The decoded text, not the value itself: the first execution sees what every replay will see.
  return text === null ? parsed : { ok: true, value: decode(text) };
}

export function encodeIfPossible(value: unknown): string | null {
  try {
    return encode(value, "payload");
  } catch {
    // A schema may make class instances of what came: those are made again on each execution.
    return null;
  }
}
