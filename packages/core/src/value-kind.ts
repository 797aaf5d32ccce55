/** What sort of object a value is, of those that can be stored. `buffer`: of Node, kept as Uint8Array. */
export type ValueKind =
  | "array"
  | "record"
  | "map"
  | "set"
  | "date"
  | "regexp"
  | "url"
  | "integers"
  | "floats"
  | "buffer";

/** By their exact prototype: an instance of a subclass would come back as another class. */
const KINDS: ReadonlyMap<unknown, ValueKind> = new Map<unknown, ValueKind>([
  [Array.prototype, "array"],
  [Object.prototype, "record"],
  [null, "record"],
  [Map.prototype, "map"],
  [Set.prototype, "set"],
  [Date.prototype, "date"],
  [RegExp.prototype, "regexp"],
  [Float32Array.prototype, "floats"],
  [Float64Array.prototype, "floats"],
  [Int8Array.prototype, "integers"],
  [Uint8Array.prototype, "integers"],
  [Uint8ClampedArray.prototype, "integers"],
  [Int16Array.prototype, "integers"],
  [Uint16Array.prototype, "integers"],
  [Int32Array.prototype, "integers"],
  [Uint32Array.prototype, "integers"],
]);

/** The kind of an object, or null for one that cannot be stored: a class instance, an Error, a promise. */
export function kindOf(value: object): ValueKind | null {
  const prototype: object | null = Object.getPrototypeOf(value);
  const kind = KINDS.get(prototype);
  if (kind !== undefined) return kind;
  if (prototype === URL.prototype) return "url";
  if (isDateOfStandIn(value, prototype)) return "date";
  if (value instanceof Uint8Array && prototype?.constructor.name === "Buffer") return "buffer";
  // Only an `Array.prototype` is itself an array; that of a subclass is not.
  if (Array.isArray(prototype)) return "array";
  return isRecordOfAnotherRealm(value, prototype) ? "record" : null;
}

/** The platform's own, whatever stands in its place later. */
const PlatformDate = Date;

/**
 * Tests that set the time put a class of theirs in the place of Date. What it makes is a Date to everybody: the class is
 * the global one at the moment, or its instances name the platform's as theirs.
 */
function isDateOfStandIn(value: object, prototype: object | null): boolean {
  return isNamedPlatformDate(value) || (value instanceof PlatformDate && prototype === Date.prototype);
}

/** Dates of fake timers name the platform's Date as their class, some of them by a property of their own. */
export function isNamedPlatformDate(value: object): boolean {
  return value instanceof PlatformDate && value.constructor === PlatformDate;
}

/** Another realm (a frame, a `vm` context) has an `Object.prototype` of its own; its plain objects are as plain as ours. */
function isRecordOfAnotherRealm(value: object, prototype: object | null): boolean {
  return (
    prototype !== null &&
    Object.getPrototypeOf(prototype) === null &&
    Object.hasOwn(prototype, "hasOwnProperty") &&
    Object.prototype.toString.call(value) === "[object Object]"
  );
}
