import { annotate, type Issue, type JsonSchema } from "@beckon/core/runtime";
import { Validator } from "@cfworker/json-schema";
import { isRecord } from "./is-record.ts";

/**
 * What is wrong with a payload, by the job's JSON Schema, before anything is sent. No validator that compiles
 * schemas to code: the pages' policy forbids it.
 */
export function findIssues(schema: JsonSchema, value: unknown): readonly Issue[] {
  if (value === undefined) return isAnything(schema) ? [] : [{ path: [], message: "The payload is missing." }];
  const errors = findErrors(schema, toJudged(value));
  // The keywords that only say that something below them failed would say it twice.
  const leaves = errors.filter(({ keyword }) => !STRUCTURAL.has(keyword));
  const told = leaves.length > 0 ? leaves : errors;
  // Behind what each member of a union objects to: of what is said about one path the last counts.
  const unions = told.filter(({ keyword }) => keyword === "anyOf" || keyword === "oneOf");
  const issues = [...told, ...unions].map(({ instanceLocation, error, keyword }) =>
    toIssue(instanceLocation, error, keyword),
  );
  return [...new Map(issues.map((issue) => [issue.path.join("\n"), issue])).values()];
}

/**
 * The value as the schema means it: what is undefined is not there, and a number is a number, also one that JSON cannot
 * say. All else is as superjson writes it.
 */
function toJudged(value: unknown): unknown {
  if (typeof value === "number") return value;
  if (Array.isArray(value)) return value.map(toJudged);
  if (!isRecord(value)) return annotate(value, "payload").json;
  const members = Object.entries(value).filter(([, member]) => member !== undefined);
  return Object.fromEntries(members.map(([key, member]) => [key, toJudged(member)]));
}

type Errors = ReturnType<Validator["validate"]>["errors"];

function findErrors(schema: JsonSchema, json: unknown): Errors {
  try {
    return new Validator(schema, "2020-12", false).validate(json).errors;
  } catch {
    // The schema cannot be followed here: its patterns are read with the flag `u`, and JavaScript's need not bear that.
    // The server checks every payload by the schema it was made from, and what it finds is shown as well.
    return [];
  }
}

const STRUCTURAL: ReadonlySet<string> = new Set([
  "properties",
  "items",
  "$ref",
  "allOf",
  "prefixItems",
  "additionalProperties",
]);

function isAnything(schema: JsonSchema): boolean {
  return Object.keys(schema).every((key) => key === "$schema" || key === "description");
}

function toIssue(location: string, message: string, keyword: string): Issue {
  const path = location
    .split("/")
    .slice(1)
    .map((part) => decodeURIComponent(part).replaceAll("~1", "/").replaceAll("~0", "~"));
  const [, missing] = keyword === "required" ? (/property "([^"]+)"/.exec(message) ?? []) : [];
  return missing === undefined
    ? { path, message: readable(message) }
    : { path: [...path, missing], message: "Required." };
}

function readable(message: string): string {
  return message
    .replace(/any subschemas|exactly one subschema \(0 matches\)/, "any member of the union")
    .replace(/^Instance type /, "Its type ")
    .replaceAll("Instance", "It");
}
