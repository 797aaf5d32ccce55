const REDACTED = "[redacted]";

/** A copy of a value with the parts at the given dotted paths hidden; `*` stands for every member. */
export function redact(value: unknown, paths: readonly string[]): unknown {
  return paths.reduce((current, path) => hide(current, path.split(".")), value);
}

function hide(value: unknown, path: readonly string[]): unknown {
  const [key, ...rest] = path;
  if (key === undefined) return value === undefined ? undefined : REDACTED;
  if (typeof value !== "object" || value === null) return value;
  if (Array.isArray(value))
    return value.map((member, index) => (key === "*" || key === String(index) ? hide(member, rest) : member));
  if (Object.getPrototypeOf(value) !== Object.prototype) return value;
  const entries = Object.entries(value);
  return Object.fromEntries(
    entries.map(([name, member]) => [name, key === "*" || key === name ? hide(member, rest) : member]),
  );
}
