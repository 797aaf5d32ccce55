import type { JsonSchema } from "@beckon/router";

/**
 * Puts a JSON Schema that stood on its own into a larger document: its references, which start at its own root,
 * then start at `pointer`.
 */
export function embedSchema(schema: JsonSchema, pointer: string): JsonSchema {
  const { $schema: _draft, ...rest } = schema;
  return embed(rest, pointer) as JsonSchema;
}

function embed(value: unknown, pointer: string): unknown {
  if (Array.isArray(value)) return value.map((member) => embed(member, pointer));
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, member]) => [
      key,
      key === "$ref" && typeof member === "string" && member.startsWith("#")
        ? pointer + member.slice(1)
        : embed(member, pointer),
    ]),
  );
}
