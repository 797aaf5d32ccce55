import { UnserializableValueError } from "./errors.ts";
import { MANY_PARTS, multiplies } from "./many-parts.ts";
import { describeValue, formatPath } from "./schema.ts";
import { isNamedPlatformDate, kindOf } from "./value-kind.ts";

/** `plain`: JSON says it all. `rich`: superjson's annotations are needed. */
export type Richness = "plain" | "rich";

/** superjson refuses these as property names wherever it has to walk, so they are refused everywhere alike. */
const FORBIDDEN_KEYS: ReadonlySet<string> = new Set(["__proto__", "constructor", "prototype"]);

/** Deeper than any document, and shallow enough for every recursion on the way of a value. */
const MAX_DEPTH = 500;

/** How deep a value may be that we wrap around values of users, such as a result: what they may keep can be sent, too. */
export const ENVELOPE_DEPTH = MAX_DEPTH + 20;

/** A longer array is refused when it is nearly all holes: one that maps ids to values would be written hole by hole. */
const LONG_ARRAY = 10_000;

/**
 * Walks a value before it is stored or sent and tells how rich it is.
 * @throws UnserializableValueError naming the path of the first part that would not come back as itself.
 */
export function inspectValue(value: unknown, root: string, maxDepth = MAX_DEPTH): Richness {
  const known = inspectPrimitive(value);
  if (known !== undefined) return known;
  const walk: Walk = { root, maxDepth, open: [], path: [], parts: 0, isCounted: false };
  try {
    return inspect(value, walk);
  } catch (error) {
    if (error instanceof UnserializableValueError) throw error;
    // A getter or a proxy of the user's threw, or something poses as a Date or a Map and is none.
    const reason = error instanceof Error ? error.message : describeValue(error);
    return refuse(`a value that throws when it is read (${reason})`, walk);
  }
}

interface Walk {
  readonly root: string;
  readonly maxDepth: number;
  /** The objects around the current one: meeting one of them again is a cycle. */
  readonly open: object[];
  readonly path: (string | number)[];
  /** How many members were come by so far, one in two places twice. */
  parts: number;
  /** Whether there were so many that it was looked whether they are few that are met again and again. */
  isCounted: boolean;
}

function inspect(value: unknown, walk: Walk): Richness {
  const known = inspectPrimitive(value);
  if (known !== undefined) return known;
  return typeof value === "object" && value !== null ? inspectObject(value, walk) : refuseValue(value, walk);
}

/** undefined: it has to be looked into, or refused. */
function inspectPrimitive(value: unknown): Richness | undefined {
  switch (typeof value) {
    case "string":
    case "boolean":
      return "plain";
    case "number":
      return isPlainNumber(value) ? "plain" : "rich";
    case "undefined":
    case "bigint":
      return "rich";
    default:
      return value === null ? "plain" : undefined;
  }
}

/** JSON has no NaN, no infinities and no negative zero. */
function isPlainNumber(value: number): boolean {
  return Number.isFinite(value) && !Object.is(value, -0);
}

function inspectObject(value: object, walk: Walk): Richness {
  if (walk.open.includes(value)) return refuse("a reference to what is around it (a cycle)", walk);
  if (walk.open.length >= walk.maxDepth) return refuse(`nested more than ${MAX_DEPTH} levels deep`, walk);
  walk.open.push(value);
  const richness = inspectKind(value, walk);
  walk.open.pop();
  return richness;
}

function inspectKind(value: object, walk: Walk): Richness {
  switch (kindOf(value)) {
    case "record":
      return inspectRecord(value, walk);
    case "array":
      return inspectArray(value as readonly unknown[], walk);
    case "map":
      return inspectCollection([...(value as ReadonlyMap<unknown, unknown>).entries()].flat(), value, walk);
    case "set":
      return inspectCollection([...(value as ReadonlySet<unknown>)], value, walk);
    case "date":
      if (Number.isNaN((value as Date).getTime())) return refuse("an invalid Date", walk);
      return inspectOpaque(value, walk);
    case "regexp":
      return inspectOpaque(value, walk);
    case "floats":
      return inspectFloats(value as Float64Array, walk);
    case "integers":
    case "buffer":
      return inspectNumbers(value as Uint8Array, walk);
    case "url":
      return inspectUrl(value, walk);
    default:
      return refuseValue(value, walk);
  }
}

/** Nobody reaches the end of a value that is met twice on each of sixty levels: it is refused, rather than walked. */
function count(members: number, walk: Walk): void {
  walk.parts += members;
  if (walk.parts <= MANY_PARTS || walk.isCounted) return;
  walk.isCounted = true;
  const [root] = walk.open;
  if (root === undefined || !multiplies(root)) return;
  walk.path.length = 0;
  refuse("a few objects that hold each other so often that they would be written millions of times, or for ever", walk);
}

function inspectRecord(value: object, walk: Walk): Richness {
  const keys = Object.keys(value);
  count(keys.length, walk);
  const names = Object.getOwnPropertyNames(value);
  if (names.length > keys.length) return refuseHidden(value, names, walk);
  refuseSymbols(value, walk);
  let richness: Richness = "plain";
  for (const key of keys) {
    walk.path.push(key);
    if (FORBIDDEN_KEYS.has(key)) refuse(`named "${key}"`, walk);
    if (inspect(Reflect.get(value, key), walk) === "rich") richness = "rich";
    walk.path.pop();
  }
  return richness;
}

function inspectArray(values: readonly unknown[], walk: Walk): Richness {
  const keys = Object.keys(values);
  if (values.length > LONG_ARRAY && keys.length < values.length / 10) {
    return refuse("an array of holes", walk);
  }
  // Hidden properties are let go, because listing them takes longer than writing the array, but for the one that JSON calls.
  refuseNamed(values, keys.at(-1), walk);
  if (Object.hasOwn(values, "toJSON")) return refuseHidden(values, ["toJSON"], walk);
  refuseSymbols(values, walk);
  return inspectMembers(values, walk);
}

/** Index keys come first, so the last key tells whether there are others, such as those of a RegExp match. */
function refuseNamed(values: ArrayLike<unknown>, lastKey: string | undefined, walk: Walk): void {
  if (lastKey === undefined) return;
  const index = Number(lastKey) >>> 0;
  if (index < values.length && String(index) === lastKey) return;
  walk.path.push(lastKey);
  refuse("a named property of an array", walk);
}

function inspectMembers(values: readonly unknown[], walk: Walk): Richness {
  count(values.length, walk);
  let richness: Richness = "plain";
  for (let index = 0; index < values.length; index += 1) {
    walk.path.push(index);
    if (inspect(values[index], walk) === "rich") richness = "rich";
    walk.path.pop();
  }
  return richness;
}

function inspectCollection(members: readonly unknown[], collection: object, walk: Walk): Richness {
  inspectMembers(members, walk);
  return inspectOpaque(collection, walk);
}

/** Of a Map, a Set, a Date or a RegExp only the content is kept: properties that somebody put on it would be lost. */
function inspectOpaque(value: object, walk: Walk): Richness {
  const names = Object.getOwnPropertyNames(value).filter((name) => !isOwnOfKind(value, name));
  if (names.length > 0) return refuseHidden(value, names, walk);
  refuseSymbols(value, walk);
  return "rich";
}

function isOwnOfKind(value: object, name: string): boolean {
  // Every RegExp has a `lastIndex`: where its next search begins, which is no part of what it matches.
  if (name === "lastIndex") return value instanceof RegExp;
  return name === "constructor" && isNamedPlatformDate(value);
}

/** Some platforms keep what is theirs on a URL under symbols or hidden, so only the rest can be somebody's. */
function inspectUrl(url: object, walk: Walk): Richness {
  const names = Object.keys(url);
  return names.length > 0 ? refuseHidden(url, names, walk) : "rich";
}

/** Listing the keys of a long one takes longer than writing it. */
function inspectNumbers(values: ArrayLike<number>, walk: Walk): Richness {
  count(values.length, walk);
  if (values.length <= LONG_ARRAY) refuseNamed(values, Object.keys(values).at(-1), walk);
  refuseSymbols(values, walk);
  return "rich";
}

/** superjson writes their numbers as plain JSON, which turns NaN into 0. */
function inspectFloats(values: Float64Array, walk: Walk): Richness {
  const index = values.findIndex((value) => !isPlainNumber(value));
  if (index === -1) return inspectNumbers(values, walk);
  walk.path.push(index);
  const number = Object.is(values[index], -0) ? "-0" : String(values[index]);
  return refuse(`${number} inside a ${values.constructor.name} (an array can hold it)`, walk);
}

function refuseHidden(value: object, names: readonly string[], walk: Walk): never {
  walk.path.push(names.find((key) => !Object.prototype.propertyIsEnumerable.call(value, key)) ?? String(names[0]));
  return refuse("a property that would be lost", walk);
}

function refuseSymbols(value: object, walk: Walk): void {
  const [symbol] = Object.getOwnPropertySymbols(value);
  if (symbol === undefined) return;
  walk.path.push(String(symbol));
  refuse("a property under a symbol", walk);
}

function refuseValue(value: unknown, walk: Walk): never {
  const kind = typeof value === "symbol" ? "a symbol" : describeValue(value);
  return refuse(value instanceof Error ? `${kind} (throw it, or keep its message)` : kind, walk);
}

function refuse(kind: string, { path, root }: Walk): never {
  throw new UnserializableValueError(formatPath(path, root), kind);
}
