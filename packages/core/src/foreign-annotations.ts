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
  /** Lists that Sets and Maps are made of. */
  readonly searched: Set<unknown>;
  /** How many members superjson will step over in those. */
  steps: number;
}

export interface ForeignAnnotations {
  readonly json: unknown;
  readonly values: unknown;
  /** Which places hold one object: by the path of the first, those of the others. */
  readonly references: unknown;
  /** Of the annotations. Before 1, backslashes in paths were not escaped. */
  readonly version: unknown;
}

/** So many take some hundredth of a second. */
const MOST_STEPS = 10_000_000;

/**
 * Looks at annotations that anybody may have written: each has to stand once, at a value that is there, and members before what
 * they are in, as superjson itself writes them; what is made of a list has to be one. So nothing becomes more than was sent.
 * @throws TypeError naming the first that is not so
 */
export function checkAnnotations({ json, values, references, version }: ForeignAnnotations): void {
  const reading: Reading = { isLegacy: Number(version) < 1, annotated: new Map(), searched: new Set(), steps: 0 };
  const root: Place = { holder: { json }, key: "json" };
  check(values, root, reading);
  checkReferences(references, root, reading);
}

/** Each leads to what is there: superjson would make what is not, such as an array as long as the index says. */
function checkReferences(references: unknown, root: Place, reading: Reading): void {
  // In a list: to the root, and, behind that, the others.
  const [toRoot, others] = Array.isArray(references) ? (references as readonly unknown[]) : [[], references];
  for (const path of asPaths(toRoot)) findReferred(root, path, reading);
  for (const [first, paths] of Object.entries(others ?? {})) {
    for (const path of [first, ...asPaths(paths)]) findReferred(root, path, reading);
  }
}

function asPaths(paths: unknown): readonly string[] {
  if (Array.isArray(paths) && paths.every((path) => typeof path === "string")) return paths;
  throw new TypeError("its references are no lists of paths");
}

function findReferred(root: Place, path: string, reading: Reading): void {
  let place = root;
  for (const key of parsePath(path, reading)) {
    place = member(place, key);
    if (reading.searched.has(place.holder)) reading.steps += (place.holder as readonly unknown[]).length;
    if (reading.steps > MOST_STEPS) throw new TypeError("it refers to members of large Sets and Maps too often");
  }
}

function check(tree: unknown, place: Place, reading: Reading): void {
  // As superjson, which takes these for none.
  if (!tree) return;
  if (typeof tree !== "object") throw new TypeError(`its annotations of ${nameOf(place)} are none`);
  const list: readonly unknown[] | null = Array.isArray(tree) ? tree : null;
  const members = list === null ? tree : (list[1] ?? {});
  for (const [path, inner] of Object.entries(members)) check(inner, follow(place, path, reading), reading);
  if (list !== null) note(list[0], place, reading);
}

function follow(from: Place, path: string, reading: Reading): Place {
  let place = from;
  for (const key of parsePath(path, reading)) place = enter(place, key, reading);
  return place;
}

function enter(place: Place, key: string, reading: Reading): Place {
  if (isAnnotated(place, reading)) throw new TypeError(`it annotates ${nameOf(place)} before what is in it`);
  return member(place, key);
}

function member(place: Place, key: string): Place {
  const value = valueAt(place);
  if (typeof value === "object" && value !== null && Object.hasOwn(value, key)) return { holder: value, key };
  throw new TypeError(`it annotates what is not there: ${describeValue(key)} in ${nameOf(place)}`);
}

function note(type: unknown, place: Place, reading: Reading): void {
  if (isAnnotated(place, reading)) throw new TypeError(`it annotates ${nameOf(place)} twice`);
  if (isMadeOfList(type) && !Array.isArray(valueAt(place)))
    throw new TypeError(`it says of ${nameOf(place)}, which is no list, that it is made of one`);
  if (type === "set" || type === "map") reading.searched.add(valueAt(place));
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
