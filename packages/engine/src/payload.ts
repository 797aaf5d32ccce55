import { canonicalText, decode, encode, parseWith } from "@beckon/core/runtime";
import type { Issue } from "@beckon/core/runtime";
import type { Frame } from "./io/frame.ts";

export type Payload =
  | { readonly ok: true; readonly value: unknown }
  | { readonly ok: false; readonly issues: readonly Issue[] };

/**
 * What `run` is given. The first execution parses what the caller sent; where parsing changed it (defaults,
 * transforms), the result is kept before `run` sees it, so that every replay gets the same value. A value
 * that the codec cannot keep is parsed anew each time, and needs a schema without chance in it.
 */
export async function readPayload(frame: Frame): Promise<Payload> {
  const { claimed, definition } = frame;
  if (claimed.payload !== null) return { ok: true, value: decode(claimed.payload) };
  const input = decode(claimed.input);
  if (definition.schema === undefined) return { ok: true, value: input };
  const parsed = await parseWith(definition.schema, input);
  const text = parsed.ok ? encodeIfPossible(parsed.value) : null;
  const wasExecuted = claimed.tasks.length > 0;
  // Nothing was kept when this run first executed, so its payload was its input; a schema deployed since then does not count.
  if (wasExecuted && (!parsed.ok || text !== null)) return { ok: true, value: input };
  if (parsed.ok && text !== null && canonicalText(parsed.value) !== canonicalText(input)) {
    frame.writer.notePayload(text);
    await frame.writer.save();
  }
  return parsed;
}

function encodeIfPossible(value: unknown): string | null {
  try {
    return encode(value, "payload");
  } catch {
    // A schema may make class instances of its input: those are made again on each execution.
    return null;
  }
}
