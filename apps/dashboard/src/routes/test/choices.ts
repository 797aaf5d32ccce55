import type { JsonSchema } from "@beckon/core/runtime";

/** One of a few values that a part of a payload can have. */
export interface Choice {
  readonly value: unknown;
  readonly label: string;
}

const VALUES_OF_TYPE: Readonly<Record<string, readonly unknown[]>> = { boolean: [true, false], null: [null] };

/** All values that a schema allows, where these are a few: literals, enums, booleans, null, and unions of them. */
export function choicesOf(schema: JsonSchema): readonly Choice[] | undefined {
  const titles = new Map<unknown, string | undefined>();
  // The title of the whole is the field's, also where the whole is one literal.
  if (!collectValues({ ...schema, title: undefined }, titles)) return undefined;
  const values = [...titles.keys()];
  const names = toNames(values);
  return values.map((value, position) => ({ value, label: titles.get(value) ?? names[position] ?? String(value) }));
}

/** Puts the values into `titles`, each with what the schema calls it; false where there are others beside them. */
function collectValues(schema: JsonSchema, titles: Map<unknown, string | undefined>): boolean {
  const { title, type } = schema;
  const add = (values: readonly unknown[], name?: string): true => {
    for (const value of values) titles.set(value, titles.get(value) ?? name);
    return true;
  };
  if ("const" in schema) return add([schema["const"]], typeof title === "string" ? title : undefined);
  if (Array.isArray(schema["enum"])) return add(schema["enum"]);
  const members = schema["anyOf"] ?? schema["oneOf"];
  if (Array.isArray(members)) return members.every((member: JsonSchema) => collectValues(member, titles));
  const ofTypes = [type].flat().map((name) => VALUES_OF_TYPE[String(name)]);
  return ofTypes.every((values) => values !== undefined) && add(ofTypes.flat());
}

/** Texts as they are, unless one of them reads like another value. */
function toNames(values: readonly unknown[]): readonly string[] {
  if (values.every((value) => typeof value === "boolean")) return values.map((value) => (value ? "Yes" : "No"));
  const plain = values.map((value) => (typeof value === "string" && value !== "" ? value : JSON.stringify(value)));
  return new Set(plain).size === values.length ? plain : values.map((value) => JSON.stringify(value));
}
