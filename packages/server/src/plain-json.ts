/**
 * Writes a value as JSON for those who read nothing richer: a Date is its ISO text, a BigInt its digits, a Map its
 * entries, a Set its members. What is undefined is left out, and NaN is null, as JSON has it everywhere.
 */
export function toPlainJson(value: unknown): string {
  return JSON.stringify(value, (_key, member: unknown) => toPlain(member)) ?? "null";
}

function toPlain(value: unknown): unknown {
  if (typeof value === "bigint") return value.toString();
  if (typeof value !== "object" || value === null) return value;
  if (value instanceof Map || value instanceof Set) return [...value];
  if (ArrayBuffer.isView(value)) return Array.from(value as Uint8Array);
  return value instanceof RegExp ? String(value) : value;
}
