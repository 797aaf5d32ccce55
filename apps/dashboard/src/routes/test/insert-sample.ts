import { isRecord } from "./is-record.ts";

/** The payload with one more value, under a name that is free. What is one value by itself is replaced. */
export function insertSample(payload: unknown, sample: unknown): unknown {
  if (Array.isArray(payload)) return [...payload, sample];
  return isRecord(payload) ? { ...payload, [freeName(payload)]: sample } : sample;
}

function freeName(record: Readonly<Record<string, unknown>>): string {
  let name = "newField";
  for (let count = 2; Object.hasOwn(record, name); count += 1) name = `newField${count}`;
  return name;
}
