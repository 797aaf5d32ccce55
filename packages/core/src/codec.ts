import SuperJSON from "superjson";
import { inspectValue, isPlainObject } from "./serializable.ts";

/** superjson's shape of a value: JSON, and what JSON could not say. */
interface Annotated {
  readonly json: unknown;
  readonly meta?: { readonly values?: unknown; readonly referentialEqualities?: unknown } | undefined;
}

/** An instance of our own: what a host registers on superjson's default one must not change what is stored. */
const superjson = new SuperJSON();

/**
 * Writes a value as superjson text, which is what the wire and the store keep. A value that is plain JSON
 * is written without superjson's walk.
 * @throws UnserializableValueError naming the path below `root`.
 */
export function encode(value: unknown, root: string): string {
  if (inspectValue(value, root) === "plain") return `{"json":${JSON.stringify(value)}}`;
  return JSON.stringify(superjson.serialize(withoutBuffers(value)));
}

/** Reads what `encode` wrote. Types are not checked: the text is our own. */
export function decode(text: string): unknown {
  const annotated: Annotated = JSON.parse(text);
  if (annotated.meta === undefined) return annotated.json;
  return superjson.deserialize(annotated as Parameters<typeof superjson.deserialize>[0]);
}

/**
 * One text for equal values: keys sorted, `undefined` properties dropped, shared references written out.
 * Two inputs are the same input exactly when these texts are.
 */
export function canonicalText(value: unknown): string {
  const { json, meta }: Annotated = superjson.serialize(sortKeys(value, new Map()));
  return JSON.stringify([json, sortKeys(meta?.values ?? null, new Map())]);
}

function sortKeys(value: unknown, seen: Map<object, unknown>): unknown {
  if (typeof value !== "object" || value === null) return value;
  const known = seen.get(value);
  if (known !== undefined) return known;
  if (Array.isArray(value)) {
    const copy: unknown[] = [];
    seen.set(value, copy);
    for (const member of value) copy.push(sortKeys(member, seen));
    return copy;
  }
  if (!isPlainObject(value)) return bufferToBytes(value);
  const copy: Record<string, unknown> = {};
  seen.set(value, copy);
  for (const key of Object.keys(value).sort()) {
    const member: unknown = Reflect.get(value, key);
    if (member !== undefined) copy[key] = sortKeys(member, seen);
  }
  return copy;
}

/** Node's Buffer is a Uint8Array by inheritance, which superjson does not know by name. */
function withoutBuffers(value: unknown, seen = new Map<object, unknown>()): unknown {
  if (typeof value !== "object" || value === null) return value;
  const known = seen.get(value);
  if (known !== undefined) return known;
  if (Array.isArray(value)) return copyMembers(value, [], seen);
  if (isPlainObject(value)) return copyMembers(value, {}, seen);
  return bufferToBytes(value);
}

function copyMembers(source: object, copy: object, seen: Map<object, unknown>): object {
  seen.set(source, copy);
  for (const key of Object.keys(source)) Reflect.set(copy, key, withoutBuffers(Reflect.get(source, key), seen));
  return copy;
}

function bufferToBytes(value: object): object {
  if (!(value instanceof Uint8Array) || value.constructor === Uint8Array) return value;
  return new Uint8Array(value.buffer, value.byteOffset, value.byteLength);
}
