import SuperJSON from "superjson";
import { inspectValue } from "./serializable.ts";
import { kindOf } from "./value-kind.ts";

/** superjson's shape of a value: JSON, and what JSON could not say. */
export interface Annotated {
  readonly json: unknown;
  readonly meta?: object | undefined;
}

/** An instance of our own: what a host registers on superjson's default one must not change what is stored. */
const superjson = new SuperJSON();

/**
 * What is kept of a job or a step that returns nothing. superjson's own annotation takes 53 bytes, which would make most rows
 * grow by a third as they end; this is read back alike by any superjson, too.
 */
const TEXT_OF_UNDEFINED = "{}";

/**
 * Writes a value as superjson text, which is what the store keeps. A value that is plain JSON is written without
 * superjson's walk. `maxDepth`: `ENVELOPE_DEPTH` for what is wrapped around values of users.
 * @throws UnserializableValueError naming the path below `root`.
 */
export function encode(value: unknown, root: string, maxDepth?: number): string {
  if (value === undefined) return TEXT_OF_UNDEFINED;
  return JSON.stringify(annotate(value, root, maxDepth));
}

/** Reads what `encode` wrote. Types are not checked: the text is our own. */
export function decode(text: string): unknown {
  if (text === TEXT_OF_UNDEFINED) return undefined;
  return restore(JSON.parse(text));
}

/** What `decode` gives of the text that `encode` made of this value. What is no object comes back as it is. */
export function asDecoded<Value>(value: Value, text: string): Value {
  return typeof value === "object" && value !== null ? (decode(text) as Value) : value;
}

/** `encode` without the last step, for a wire that writes the text itself. @throws UnserializableValueError */
export function annotate(value: unknown, root: string, maxDepth?: number): Annotated {
  if (inspectValue(value, root, maxDepth) === "plain") return { json: value };
  const { json, meta } = superjson.serialize(normalize(value));
  // What was one object in two places becomes two: superjson would restore the reference, but takes equal NaNs and
  // BigInts for references too, and loses members of Sets while it restores them.
  return { json, meta: { values: meta?.values, v: 1 } };
}

/**
 * What `annotate` made of a value, and what a server that is trusted sends; of anybody else `restoreForeign`. Takes its argument
 * apart: it is not to be used afterwards.
 */
export function restore(annotated: Annotated): unknown {
  if (annotated.meta === undefined) return annotated.json;
  return superjson.deserialize(annotated as Parameters<typeof superjson.deserialize>[0], { inPlace: true });
}

/**
 * A copy of which superjson keeps every detail: holes are `undefined`, a Buffer is the Uint8Array it inherits
 * from, and plain objects of another realm are of this one.
 */
function normalize(value: unknown): unknown {
  if (typeof value !== "object" || value === null) return value;
  switch (kindOf(value)) {
    case "record":
      return Object.fromEntries(Object.entries(value).map(([key, member]) => [key, normalize(member)]));
    case "array":
      return Array.from(value as ArrayLike<unknown>, normalize);
    case "map":
      return new Map(
        Array.from(value as ReadonlyMap<unknown, unknown>, ([key, member]) => [normalize(key), normalize(member)]),
      );
    case "set":
      return new Set(Array.from(value as ReadonlySet<unknown>, normalize));
    case "buffer":
      return toBytes(value as Uint8Array);
    default:
      return value;
  }
}

function toBytes({ buffer, byteOffset, byteLength }: Uint8Array): Uint8Array {
  return new Uint8Array(buffer, byteOffset, byteLength);
}
