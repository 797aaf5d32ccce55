import type { InvokeOptions } from "@beckon/core";
import { parseValueText } from "../../values/value-text.ts";

/** The options as they are typed. */
export interface TestOptions {
  readonly delay: string;
  readonly idempotencyKey: string;
  readonly tags: string;
  readonly priority: string;
  readonly concurrencyKey: string;
  readonly accountId: string;
  readonly ttl: string;
  readonly maxDuration: string;
  readonly context: string;
}

export const EMPTY_OPTIONS: TestOptions = {
  delay: "",
  idempotencyKey: "",
  tags: "",
  priority: "",
  concurrencyKey: "",
  accountId: "",
  ttl: "",
  maxDuration: "",
  context: "",
};

/** What was typed, as the call takes it; what was left empty is left out. @throws Error when the context is no JSON */
export function readOptions(typed: TestOptions): InvokeOptions {
  const tags = typed.tags.split(",").map((tag) => tag.trim());
  return {
    ...given("delay", duration(typed.delay)),
    ...given("idempotencyKey", typed.idempotencyKey),
    ...(typed.tags.trim() !== "" && { tags: tags.filter((tag) => tag !== "") }),
    ...(typed.priority.trim() !== "" && { priority: Number(typed.priority) }),
    ...given("concurrencyKey", typed.concurrencyKey),
    ...given("accountId", typed.accountId),
    ...given("ttl", duration(typed.ttl)),
    ...given("maxDuration", duration(typed.maxDuration)),
    ...(typed.context.trim() !== "" && { context: readContext(typed.context) }),
  };
}

function given(name: keyof InvokeOptions, value: string | number): InvokeOptions {
  return value === "" ? {} : { [name]: value };
}

/** A number alone is seconds. */
function duration(text: string): string | number {
  const trimmed = text.trim();
  return /^\d+(\.\d+)?$/.test(trimmed) ? Number(trimmed) : trimmed;
}

function readContext(text: string): unknown {
  const parsed = parseValueText(text);
  if (parsed.ok) return parsed.value;
  throw new Error(`The context cannot be read. ${parsed.message}`);
}
