import { describeValue } from "./schema.ts";

/*
 * superjson's annotations are a tree beside the JSON: under a path, what the value there is (`["set"]`), the same with those of
 * its members (`["set", { "0": ["Date"] }]`), or only the latter (`{ "0": ["Date"] }`). superjson makes each value what they
 * say, members first, and looks at nothing: a number that is said to be a typed array becomes one of that length, and what is
 * made a Set is searched from its beginning for each path that leads into it.
 */

/** Where a value is: in the array or the record that holds it. */
interface Place {
  readonly holder: object;
  readonly key: string;
}

interface Reading {
  readonly isLegacy: boolean;
  /** What was annotated so far, by what holds it. */
  readonly annotated: Map<object, Set<string>>;
}

export interface ForeignAnnotations {
  readonly json: unknown;
  readonly values: unknown;
  /** Of the annotations. Before 1, backslashes in paths were not escaped. */
  readonly version: unknown;
}

/**
 * Looks at annotations that anybody may have written: each has to stand once, at a value that is there, and members before what
 * they are in, as superjson itself writes them; what is made of a list has to be one. So nothing becomes more than was sent.
 * @throws TypeError naming the first that is not so
 */
export function checkAnnotations({ json, values, version }: ForeignAnnotations): void {
  const reading: Reading = { isLegacy: Number(version) < 1, annotated: new Map() };
  check(values, { holder: { json }, key: "json" }, reading);
}

function check(tree: unknown, place: Place, reading: Reading): void {
  // As superjson, which takes these for none.
  if (!tree) return;
  if (typeof tree !== "object") throw new TypeError(`its annotations of ${nameOf(place)} are none`);
  const list: readonly unknown[] | null = Array.isArray(tree) ? tree : null;
  const members = list === null ? tree : (list[1] ?? {});
  for (const [path, member] of Object.entries(members)) check(member, follow(place, path, reading), reading);
  if (list !== null) note(list[0], place, reading);
}

function follow(from: Place, path: string, reading: Reading): Place {
  let place = from;
  for (const key of parsePath(path, reading)) place = enter(place, key, reading);
  return place;
}

function enter(place: Place, key: string, reading: Reading): Place {
  if (isAnnotated(place, reading)) throw new TypeError(`it annotates ${nameOf(place)} before what is in it`);
  const value = valueAt(place);
  if (typeof value === "object" && value !== null && Object.hasOwn(value, key)) return { holder: value, key };
  throw new TypeError(`it annotates what is not there: ${describeValue(key)} in ${nameOf(place)}`);
}

function note(type: unknown, place: Place, reading: Reading): void {
  if (isAnnotated(place, reading)) throw new TypeError(`it annotates ${nameOf(place)} twice`);
  if (isMadeOfList(type) && !Array.isArray(valueAt(place)))
    throw new TypeError(`it says of ${nameOf(place)}, which is no list, that it is made of one`);
  const keys = reading.annotated.get(place.holder) ?? new Set<string>();
  reading.annotated.set(place.holder, keys.add(place.key));
}

function isAnnotated({ holder, key }: Place, { annotated }: Reading): boolean {
  return annotated.get(holder)?.has(key) ?? false;
}

function isMadeOfList(type: unknown): boolean {
  return type === "set" || type === "map" || (Array.isArray(type) && type[0] === "typed-array");
}

function valueAt({ holder, key }: Place): unknown {
  return Reflect.get(holder, key);
}

function nameOf({ key }: Place): string {
  return describeValue(key);
}

/** Dots divide the keys of a path; one that is part of a key stands behind a backslash. */
function parsePath(path: string, { isLegacy }: Reading): readonly string[] {
  if (!path.includes("\\")) return path.split(".");
  const keys: string[] = [];
  let key = "";
  for (const [piece] of path.matchAll(isLegacy ? /\\\.|[\s\S]/g : /\\[\\.]|[\s\S]/g)) {
    if (piece === ".") {
      keys.push(key);
      key = "";
    } else {
      key += piece.length === 2 ? piece.slice(1) : piece;
    }
  }
  return [...keys, key];
}
