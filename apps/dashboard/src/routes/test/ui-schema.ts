import type { JsonSchema } from "@beckon/router";

type UiSchema = Record<string, unknown>;

/** Says which parts of a schema the form has no fields of its own for: these are written as JSON. */
export function toUiSchema(schema: JsonSchema): UiSchema {
  if (isWrittenAsJson(schema)) return { "ui:field": "value" };
  // A checkbox has no third state for what is not given, which the schema may mean as true, or object to.
  if (schema["type"] === "boolean") return { "ui:widget": "select" };
  const ui: UiSchema = {};
  for (const [name, part] of Object.entries((schema["properties"] ?? {}) as Record<string, JsonSchema>)) {
    ui[name] = toUiSchema(part);
  }
  const { items } = schema;
  if (typeof items === "object" && items !== null && !Array.isArray(items))
    ui["items"] = toUiSchema(items as JsonSchema);
  return ui;
}

function isWrittenAsJson(schema: JsonSchema): boolean {
  const { type, anyOf, oneOf } = schema;
  if ("x-beckon-type" in schema || "$ref" in schema || "allOf" in schema || "prefixItems" in schema) return true;
  if (Array.isArray(type)) return true;
  if (type === "object") return schema["properties"] === undefined;
  if (type === "array") return typeof schema["items"] !== "object";
  const choices = (anyOf ?? oneOf) as readonly JsonSchema[] | undefined;
  if (choices !== undefined) return !choices.every((choice) => "const" in choice);
  return type === undefined && !("const" in schema) && !("enum" in schema);
}
