import { UnserializableValueError } from "./errors.ts";
import { describeValue, formatPath } from "./schema.ts";

/** `plain`: JSON says it all. `rich`: superjson's annotations are needed. */
export type Richness = "plain" | "rich";

/** superjson refuses these as property names wherever it has to walk, so they are refused everywhere alike. */
const FORBIDDEN_KEYS: ReadonlySet<string> = new Set(["__proto__", "constructor", "prototype"]);

const RICH_TAGS: ReadonlySet<string> = new Set([
  "[object Map]",
  "[object Set]",
  "[object RegExp]",
  "[object URL]",
  "[object Uint8Array]",
  "[object Int8Array]",
  "[object Uint16Array]",
  "[object Int16Array]",
  "[object Uint32Array]",
  "[object Int32Array]",
  "[object Float32Array]",
  "[object Float64Array]",
  "[object Uint8ClampedArray]",
]);

type Path = readonly (string | number)[];

/**
 * Walks a value before it is stored or sent and tells how rich it is.
 * @throws UnserializableValueError naming the path of the first part that would not come back as itself.
 */
export function inspectValue(value: unknown, root: string): Richness {
  return inspect(value, { root, open: new Set(), path: [] });
}

interface Walk {
  readonly root: string;
  /** The objects around the current one: meeting one of them again is a cycle, which superjson can keep. */
  readonly open: Set<object>;
  readonly path: (string | number)[];
}

function inspect(value: unknown, walk: Walk): Richness {
  switch (typeof value) {
    case "string":
    case "boolean":
      return "plain";
    case "number":
      return Number.isFinite(value) && !Object.is(value, -0) ? "plain" : "rich";
    case "undefined":
    case "bigint":
      return "rich";
    case "object":
      return value === null ? "plain" : inspectObject(value, walk);
    default:
      throw refuse(walk.path, walk.root, value);
  }
}

function inspectObject(value: object, walk: Walk): Richness {
  if (walk.open.has(value)) return "rich";
  walk.open.add(value);
  const richness = Array.isArray(value) ? inspectArray(value, walk) : inspectTagged(value, walk);
  walk.open.delete(value);
  return richness;
}

function inspectArray(values: readonly unknown[], walk: Walk): Richness {
  let richness: Richness = "plain";
  for (let index = 0; index < values.length; index += 1) {
    walk.path.push(index);
    if (inspect(values[index], walk) === "rich") richness = "rich";
    walk.path.pop();
  }
  return richness;
}

function inspectTagged(value: object, walk: Walk): Richness {
  if (isPlainObject(value)) return inspectPlainObject(value, walk);
  const tag = Object.prototype.toString.call(value);
  if (tag === "[object Date]") {
    if (Number.isNaN((value as Date).getTime()))
      throw new UnserializableValueError(formatPath(walk.path, walk.root), "an invalid Date");
    return "rich";
  }
  if (tag === "[object Map]" || tag === "[object Set]") {
    const members =
      tag === "[object Map]" ? [...(value as Map<unknown, unknown>)].flat() : [...(value as Set<unknown>)];
    inspectArray(members, walk);
  }
  if (RICH_TAGS.has(tag)) return "rich";
  throw refuse(walk.path, walk.root, value);
}

function inspectPlainObject(value: object, walk: Walk): Richness {
  let richness: Richness = "plain";
  for (const key of Object.keys(value)) {
    walk.path.push(key);
    if (FORBIDDEN_KEYS.has(key)) throw new UnserializableValueError(formatPath(walk.path, walk.root), `named "${key}"`);
    if (inspect(Reflect.get(value, key), walk) === "rich") richness = "rich";
    walk.path.pop();
  }
  return richness;
}

/** Realm-safe: an object of another realm has another `Object.prototype`, which has no prototype either. */
export function isPlainObject(value: object): boolean {
  const prototype: unknown = Object.getPrototypeOf(value);
  if (prototype === null || prototype === Object.prototype) return true;
  return (
    typeof prototype === "object" &&
    prototype !== null &&
    Object.getPrototypeOf(prototype) === null &&
    Object.prototype.toString.call(value) === "[object Object]" &&
    Object.hasOwn(prototype, "hasOwnProperty")
  );
}

function refuse(path: Path, root: string, value: unknown): UnserializableValueError {
  const kind = typeof value === "symbol" ? "a symbol" : describeValue(value);
  const hint = value instanceof Error ? `${kind} (throw it, or keep its message)` : kind;
  return new UnserializableValueError(formatPath(path, root), hint);
}
