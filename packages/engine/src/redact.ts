const REDACTED = "[redacted]";

/**
 * A copy of a value with the parts at the given dotted paths hidden; `*` stands for every member. In a Map a path goes by its
 * keys, in a Set as in a list. What no path can enter, such as bytes or a URL, is hidden as a whole.
 */
export function redact(value: unknown, paths: readonly string[]): unknown {
  return paths.reduce((current, path) => hide(current, path.split(".")), value);
}

/** What stands in the place of a value that is hidden as a whole. */
export function redactAll(value: unknown): unknown {
  return hide(value, []);
}

function hide(value: unknown, path: readonly string[]): unknown {
  const [key, ...rest] = path;
  if (key === undefined) return value === undefined ? undefined : REDACTED;
  if (typeof value !== "object" || value === null) return value;
  const hideAt = (name: unknown, member: unknown): unknown => (isNamed(name, key) ? hide(member, rest) : member);
  if (Array.isArray(value)) return value.map((member: unknown, index) => hideAt(index, member));
  if (value instanceof Set) return new Set([...value].map((member: unknown, index) => hideAt(index, member)));
  if (value instanceof Map) return new Map(toEntries(value, hideAt));
  if (Object.getPrototypeOf(value) !== Object.prototype) return REDACTED;
  return Object.fromEntries(toEntries(Object.entries(value), hideAt));
}

function isNamed(name: unknown, key: string): boolean {
  return key === "*" || ((typeof name === "string" || typeof name === "number") && String(name) === key);
}

function toEntries<Name>(
  entries: Iterable<readonly [Name, unknown]>,
  hideAt: (name: unknown, member: unknown) => unknown,
): readonly (readonly [Name, unknown])[] {
  return Array.from(entries, ([name, member]) => [name, hideAt(name, member)] as const);
}
