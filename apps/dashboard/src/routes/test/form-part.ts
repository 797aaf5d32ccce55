import type { JsonSchema } from "@beckon/core/runtime";
import { choicesOf } from "./choices.ts";

/** A part of a payload's schema as the form library takes it. */
export interface FormPart {
  /**
   * Without keywords that the library follows in ways of its own: it shows a union as a choice between unnamed options,
   * has no field for a union of literals, enters null by itself, and leaves out what may be anything.
   */
  readonly schema: JsonSchema;
  /** Which field shows it, and how: the library's `uiSchema`. */
  readonly ui: Readonly<Record<string, unknown>>;
}

/** The form of a payload, for a schema with properties. */
export function toForm(schema: JsonSchema): FormPart {
  const { properties = {}, additionalProperties = false } = schema;
  const parts = Object.entries(properties as Record<string, JsonSchema>).map(
    ([name, part]) => [name, toPart(part)] as const,
  );
  const others = additionalProperties === false ? null : toValuePart({});
  return {
    schema: {
      ...pick(schema, ["title", "description", "required"]),
      type: "object",
      properties: Object.fromEntries(parts.map(([name, part]) => [name, part.schema])),
      ...(others !== null && { additionalProperties: others.schema }),
    },
    ui: {
      ...(others !== null && { additionalProperties: others.ui }),
      ...Object.fromEntries(parts.map(([name, part]) => [name, part.ui])),
    },
  };
}

function toPart(schema: JsonSchema): FormPart {
  const { type } = schema;
  const choices = choicesOf(schema);
  if (choices !== undefined) {
    return {
      schema: { ...pick(schema, ["title", "description", "default"]), enum: choices.map(({ value }) => value) },
      ui: { "ui:enumNames": choices.map(({ label }) => label) },
    };
  }
  if (isWrittenAsJson(schema)) return toValuePart(schema);
  if (type === "object") return toForm(schema);
  if (type !== "array") return { schema, ui: {} };
  const items = toPart(schema["items"] as JsonSchema);
  return {
    schema: { ...pick(schema, ["title", "description", "default", "type", "maxItems"]), items: items.schema },
    ui: { items: items.ui },
  };
}

const COMPOSITIONS = ["x-beckon-type", "$ref", "allOf", "anyOf", "oneOf", "prefixItems"] as const;

/** Whether the form shows the part as one text, whatever is in it, and has no fields for what that holds. */
export function isWrittenAsJson(schema: JsonSchema): boolean {
  const { type, properties, items } = schema;
  if (COMPOSITIONS.some((keyword) => keyword in schema)) return true;
  if (type === "object") return Object.keys(properties ?? {}).length === 0;
  if (type === "array") return typeof items !== "object" || Array.isArray(items);
  return type !== "string" && type !== "number" && type !== "integer";
}

/** A part that is one value in the form, whatever is in it. */
function toValuePart(schema: JsonSchema): FormPart {
  return {
    // The comment is there for the library, which shows nothing where a schema says nothing.
    schema: { ...pick(schema, ["title", "description", "x-beckon-type"]), $comment: "one value" },
    ui: { "ui:field": "value", "ui:placeholder": toPlaceholder(schema) },
  };
}

/** How values are written that JSON cannot say. */
const EXAMPLES: Readonly<Record<string, string>> = {
  map: '{ "json": [["key", 1]], "meta": { "values": ["map"] } }',
  set: '{ "json": ["one", "two"], "meta": { "values": ["set"] } }',
  date: '{ "json": "2026-01-31T12:00:00.000Z", "meta": { "values": ["Date"] } }',
  bigint: '{ "json": "9007199254740993", "meta": { "values": ["bigint"] } }',
};

function toPlaceholder(schema: JsonSchema): string {
  const members = (schema["anyOf"] ?? schema["oneOf"] ?? []) as readonly JsonSchema[];
  const rich = [schema, ...members].flatMap((part) => EXAMPLES[String(part["x-beckon-type"])] ?? [])[0];
  if (rich !== undefined) return rich;
  return schema["default"] === undefined ? "JSON" : `${JSON.stringify(schema["default"])} by default`;
}

function pick(schema: JsonSchema, keywords: readonly string[]): JsonSchema {
  return Object.fromEntries(keywords.flatMap((name) => (name in schema ? [[name, schema[name]]] : [])));
}
