import type { JsonSchema } from "@beckon/core/runtime";
import { toComponentName } from "./component-name.ts";

/** The components that references of a schema which stood on its own lead to, by how those begin. */
type Components = ReadonlyMap<string, string>;

/**
 * Puts a JSON Schema that stood on its own among the components of a document, under a name. What it kept in its
 * `$defs` becomes components of their own, `<name>.<def>`: generators of clients know no other place.
 */
export function embedSchema(name: string, schema: JsonSchema): Readonly<Record<string, JsonSchema>> {
  const { $schema: _draft, $defs = {}, ...root } = schema;
  const definitions = Object.entries($defs as JsonSchema);
  const components = findComponents(
    name,
    definitions.map(([key]) => key),
  );
  const parts = [[name, root] as const, ...definitions.map(([key, part]) => [componentOf(key, name), part] as const)];
  return Object.fromEntries(parts.map(([key, part]) => [key, rewrite(part, components) as JsonSchema]));
}

function componentOf(key: string, name: string): string {
  return `${name}.${toComponentName(key)}`;
}

/** References start at the root of the schema that stood on its own: `#`, or `#/$defs/…`. Not every library escapes the key in them. */
function findComponents(name: string, keys: readonly string[]): Components {
  const under = (write: (key: string) => string) =>
    keys.map((key) => [`#/$defs/${write(key)}`, componentOf(key, name)] as const);
  // Escaped they come last, and so count before an unescaped one that reads alike.
  return new Map<string, string>([
    ["#", name],
    ...under((key) => key),
    ...under((key) => encodeURIComponent(toPointer(key))),
    ...under(toPointer),
  ]);
}

/** A key as a part of a JSON Pointer. */
function toPointer(key: string): string {
  return key.replaceAll("~", "~0").replaceAll("/", "~1");
}

function rewrite(value: unknown, components: Components): unknown {
  if (Array.isArray(value)) return value.map((member) => rewrite(member, components));
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, member]) => [
      key,
      key === "$ref" && typeof member === "string" ? toComponent(member, components) : rewrite(member, components),
    ]),
  );
}

/** A reference may lead on below a component: the longest beginning that is known counts. */
function toComponent(reference: string, components: Components): string {
  for (let end = reference.length; end > 0; end = reference.lastIndexOf("/", end - 1)) {
    const component = components.get(reference.slice(0, end));
    if (component !== undefined) return `#/components/schemas/${component}${reference.slice(end)}`;
  }
  return reference;
}
