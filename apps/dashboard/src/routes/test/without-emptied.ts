import type { JsonSchema } from "@beckon/core/runtime";
import { isWrittenAsJson } from "./form-part.ts";
import { isRecord } from "./is-record.ts";

/**
 * What a form holds after a change, without the objects that the change has emptied and the schema does not ask for: whose
 * last field was cleared is as if nothing had been entered. One that was empty before is left, as it was written so, and so
 * is all that is written as JSON: who enters `{}` there means it.
 */
export function withoutEmptied(schema: JsonSchema, before: unknown, after: unknown): unknown {
  if (Array.isArray(after)) {
    const { items } = schema;
    // Where items came or went it is not known which was which.
    if (!hasFields(items) || !Array.isArray(before) || before.length !== after.length) return after;
    return after.map((item, index) => withoutEmptied(items, before[index], item));
  }
  if (!isRecord(after) || !isRecord(before)) return after;
  const properties = isRecord(schema["properties"]) ? schema["properties"] : {};
  const required: readonly unknown[] = Array.isArray(schema["required"]) ? schema["required"] : [];
  const members = Object.entries(after).flatMap(([name, member]) => {
    const part = properties[name];
    if (!hasFields(part)) return [[name, member] as const];
    const left = withoutEmptied(part, before[name], member);
    return required.includes(name) || !isEmptied(before[name], left) ? [[name, left] as const] : [];
  });
  return Object.fromEntries(members);
}

function hasFields(part: unknown): part is JsonSchema {
  return isRecord(part) && !isWrittenAsJson(part);
}

function isEmptied(before: unknown, after: unknown): boolean {
  return isEmpty(after) && isRecord(before) && !isEmpty(before);
}

function isEmpty(value: unknown): boolean {
  return isRecord(value) && Object.keys(value).length === 0;
}
