import type { JsonSchema } from "@beckon/core/runtime";
import { isRecord } from "./is-record.ts";

/**
 * What a form holds after a change, without the objects that the change has emptied and the schema does not ask for: whose
 * last field was cleared is as if nothing had been entered. One that was empty before is left, as it was written so.
 */
export function withoutEmptied(schema: JsonSchema, before: unknown, after: unknown): unknown {
  if (Array.isArray(after)) {
    // Where items came or went it is not known which was which.
    if (!Array.isArray(before) || before.length !== after.length) return after;
    return after.map((item, index) => withoutEmptied(partOf(schema["items"]), before[index], item));
  }
  if (!isRecord(after) || !isRecord(before)) return after;
  const properties = partOf(schema["properties"]);
  const required: readonly unknown[] = Array.isArray(schema["required"]) ? schema["required"] : [];
  const members = Object.entries(after).map(
    ([name, member]) => [name, withoutEmptied(partOf(properties[name]), before[name], member)] as const,
  );
  return Object.fromEntries(
    members.filter(([name, member]) => required.includes(name) || !isEmptied(before[name], member)),
  );
}

function partOf(schema: unknown): JsonSchema {
  return isRecord(schema) ? schema : {};
}

function isEmptied(before: unknown, after: unknown): boolean {
  return isEmpty(after) && isRecord(before) && !isEmpty(before);
}

function isEmpty(value: unknown): boolean {
  return isRecord(value) && Object.keys(value).length === 0;
}
