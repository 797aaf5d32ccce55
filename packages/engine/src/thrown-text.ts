import { inspect, types } from "node:util";
import { inspectValue } from "@beckon/core/runtime";

/*
 * JavaScript throws anything: another realm's errors, proxies, values whose getters throw. Whatever it is, its run
 * must end, so nothing here throws.
 */

/** Errors of this realm and of others. */
export function isError(thrown: unknown): thrown is Error {
  return types.isNativeError(thrown) || (attempt(() => thrown instanceof Error) ?? false);
}

/** A property of a value that may refuse to be read: then undefined. */
export function readProperty(value: object, name: string): unknown {
  return attempt(() => Reflect.get(value, name) as unknown);
}

/** A value as people read it: a text as it is, plain data as JSON, all else as Node prints it. */
export function textOf(thrown: unknown): string {
  if (typeof thrown === "string") return thrown;
  return attempt(() => jsonOf(thrown) ?? inspect(thrown, { customInspect: false })) ?? "a value that cannot be read";
}

function jsonOf(value: unknown): string | null {
  return attempt(() => inspectValue(value, "error")) === "plain" ? JSON.stringify(value) : null;
}

/** What `read` gives, or undefined when it throws. */
export function attempt<Value>(read: () => Value): Value | undefined {
  try {
    return read();
  } catch {
    // The value resists being read; the caller has something to say in its place.
    return undefined;
  }
}
