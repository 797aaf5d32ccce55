import type { JsonSchema } from "@beckon/core/runtime";

const BOUNDS: readonly (readonly [keyword: string, sign: string])[] = [
  ["minimum", "≥"],
  ["exclusiveMinimum", ">"],
  ["maximum", "≤"],
  ["exclusiveMaximum", "<"],
  ["minLength", "length ≥"],
  ["maxLength", "length ≤"],
  ["minItems", "items ≥"],
  ["maxItems", "items ≤"],
];

/** A schema in a few words: `string (email)`, `"free" | "pro"`, `integer ≥ 1, 25 by default`. */
export function describeType(schema: JsonSchema): string {
  const { format, pattern, default: fallback } = schema;
  const details = [
    ...(typeof format === "string" ? [`(${format})`] : []),
    ...BOUNDS.flatMap(([keyword, sign]) => (isTold(schema[keyword]) ? [`${sign} ${schema[keyword]}`] : [])),
    ...(typeof pattern === "string" && format === undefined ? [`like ${pattern}`] : []),
  ];
  const text = [baseOf(schema), ...details].join(" ");
  return fallback === undefined ? text : `${text}, ${JSON.stringify(fallback)} by default`;
}

/** The ends of the safe integers say no more than `integer` does. */
function isTold(bound: unknown): bound is number {
  return typeof bound === "number" && Math.abs(bound) < Number.MAX_SAFE_INTEGER;
}

function baseOf(schema: JsonSchema): string {
  const { type, items } = schema;
  const rich: unknown = schema["x-beckon-type"];
  if (typeof rich === "string") return rich === "date" ? "Date" : rich;
  if ("const" in schema) return JSON.stringify(schema["const"]);
  const members = (schema["anyOf"] ?? schema["oneOf"]) as readonly JsonSchema[] | undefined;
  if (members !== undefined) return members.map(describeType).join(" | ");
  const values = schema["enum"] as readonly unknown[] | undefined;
  if (values !== undefined) return values.map((value) => JSON.stringify(value)).join(" | ");
  if (type === "array") return `${typeof items === "object" ? baseOf(items as JsonSchema) : "anything"}[]`;
  if (Array.isArray(type)) return type.join(" | ");
  return typeof type === "string" ? type : "anything";
}
