import type { JsonSchema, Schema } from "@beckon/core/runtime";

/** The part of Standard JSON Schema that is read here; zod 4.2 and others have it. */
interface Converter {
  readonly input: (options: {
    readonly target: string;
    readonly libraryOptions?: Record<string, unknown>;
  }) => JsonSchema;
}

/** What zod is told beside: parts that JSON cannot say stand for any value, with a word for forms of what they are. */
const LIBRARY_OPTIONS = { unrepresentable: "any", override: describePart };

/** The types of zod that JSON cannot say: `x-beckon-type` names them in the schema. */
const RICH_TYPES: ReadonlySet<unknown> = new Set(["date", "bigint", "map", "set"]);

/** What a caller may send, as JSON Schema; null where the schema's library cannot tell. */
export function toJsonSchema(schema: Schema | undefined): JsonSchema | null {
  if (schema === undefined) return {};
  const converter: Converter | undefined = Reflect.get(schema["~standard"], "jsonSchema");
  if (converter === undefined) return null;
  try {
    // A copy: zod hides a property with functions in its own, which cannot cross a wire.
    return { ...converter.input({ target: "draft-2020-12", libraryOptions: LIBRARY_OPTIONS }) };
  } catch {
    return null; // The library knows the format and not this schema: the job works all the same.
  }
}

/** zod calls this for each part of a schema, with the JSON Schema it has made of it. */
function describePart(part: { readonly zodSchema: object; readonly jsonSchema: Record<string, unknown> }): void {
  const { type, coerce, values }: { type?: unknown; coerce?: unknown; values?: unknown } = Reflect.get(
    Reflect.get(part.zodSchema, "_zod"),
    "def",
  );
  if (type === "literal") return describeLiteral(values as readonly unknown[], part.jsonSchema);
  if (!RICH_TYPES.has(type)) return;
  if (type === "date" && coerce === true) {
    Object.assign(part.jsonSchema, { type: "string", format: "date-time" });
    return;
  }
  part.jsonSchema["x-beckon-type"] = type;
  if (type === "date")
    part.jsonSchema["description"] ??= "A Date: send it as application/superjson+json, which keeps dates.";
}

/** zod writes bigints as numbers here, which it then does not take. */
function describeLiteral(values: readonly unknown[], jsonSchema: Record<string, unknown>): void {
  const bigints = values.filter((value) => typeof value === "bigint");
  if (bigints.length === 0) return;
  for (const keyword of ["type", "const", "enum"]) Reflect.deleteProperty(jsonSchema, keyword);
  if (bigints.length === values.length) jsonSchema["x-beckon-type"] = "bigint";
}
