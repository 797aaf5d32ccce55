import type { JsonSchema } from "@beckon/router";

/**
 * Puts a JSON Schema that stood on its own among the components of a document, under a name. What it kept in its
 * `$defs` becomes components of their own, `<name>.<def>`: generators of clients know no other place.
 */
export function embedSchema(name: string, schema: JsonSchema): Readonly<Record<string, JsonSchema>> {
  const { $schema: _draft, $defs = {}, ...root } = schema;
  const components = Object.entries({ [name]: root, ...prefixed($defs as JsonSchema, name) });
  return Object.fromEntries(components.map(([key, part]) => [key, rewrite(part, name) as JsonSchema]));
}

function prefixed(definitions: JsonSchema, name: string): JsonSchema {
  return Object.fromEntries(Object.entries(definitions).map(([key, part]) => [`${name}.${key}`, part]));
}

/** References start at the root of the schema that stood on its own: `#`, or `#/$defs/…`. */
function rewrite(value: unknown, name: string): unknown {
  if (Array.isArray(value)) return value.map((member) => rewrite(member, name));
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, member]) => [
      key,
      key === "$ref" && typeof member === "string" ? toComponent(member, name) : rewrite(member, name),
    ]),
  );
}

function toComponent(reference: string, name: string): string {
  if (reference === "#") return `#/components/schemas/${name}`;
  return reference.replace(/^#\/\$defs\//, `#/components/schemas/${name}.`);
}
