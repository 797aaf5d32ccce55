import type { AnyJob } from "@beckon/core";
import { parseWith, type Schema, toRefusal, type JsonSchema } from "@beckon/core/runtime";
import { toJsonSchema } from "@beckon/router";
import type { ApiRoute, Operation } from "../api/api-route.ts";
import { toComponentName } from "./component-name.ts";
import { componentSchemas, ref } from "./component-schemas.ts";
import { embedSchema } from "./embed-schema.ts";

export interface OpenApiParts {
  readonly routes: readonly ApiRoute[];
  /** By the names of their exports. */
  readonly jobs: ReadonlyMap<string, AnyJob>;
  /** Where the routes are. */
  readonly url: string;
  readonly hasKey: boolean;
}

/** Which refusals an operation may answer with, all in the one shape. */
const REFUSALS: Readonly<Record<string, string>> = {
  400: "The request is not as it must be; `issues` says where.",
  401: "The key is missing or wrong.",
  403: "The job is disabled, or the caller may not do this.",
  404: "There is no such job or run.",
  409: "It conflicts with what is there: an idempotency key with another payload, a run in another status.",
  413: "The body is too large.",
  415: "The body is of a type that is not read; `message` says which are.",
  503: "The server is stopping, or cannot write; try again later.",
};

/** Describes the HTTP surface in OpenAPI 3.1, from the routes that serve it and the schemas of the jobs. */
export function createOpenApi({ routes, jobs, url, hasKey }: OpenApiParts): JsonSchema {
  const security = hasKey ? [{ key: [] }] : [];
  const byId = new Map([...jobs].map(([name, job]) => [job.id, { name, job }]));
  const payloads = [...byId.values()].map(({ name, job }) => payloadSchemas(name, job));
  const items = routes.flatMap((route) =>
    takesPayload(route)
      ? [...byId.values()].map(
          ({ name, job }) => [route.path.replace("{id}", job.id), route, operationOfJob(route, name, job)] as const,
        )
      : [[route.path, route, describe(route)] as const],
  );
  return {
    openapi: "3.1.0",
    info: { title: "Beckon", version: "1.0.0", description: "Invoke jobs, and follow their runs." },
    servers: [{ url }],
    security,
    paths: toPaths(items),
    components: {
      schemas: Object.assign({}, componentSchemas, ...payloads) as JsonSchema,
      securitySchemes: { key: { type: "http", scheme: "bearer" } },
    },
  };
}

function toPaths(items: readonly (readonly [string, ApiRoute, JsonSchema])[]): JsonSchema {
  const paths: Record<string, Record<string, JsonSchema>> = {};
  for (const [path, { method }, operation] of items)
    paths[path] = { ...paths[path], [method.toLowerCase()]: operation };
  return paths;
}

function takesPayload({ operation }: ApiRoute): boolean {
  return operation.bodyOf !== undefined;
}

function payloadName(exportName: string): string {
  return `${toComponentName(exportName)}.Payload`;
}

function payloadSchemas(name: string, { definition }: AnyJob): Readonly<Record<string, JsonSchema>> {
  const schema = toJsonSchema(definition.schema) ?? {};
  return embedSchema(payloadName(name), { title: `Payload of ${definition.name}`, ...schema });
}

/** The operation for one job: its payload's schema, its examples. */
function operationOfJob(route: ApiRoute, name: string, job: AnyJob): JsonSchema {
  const { operation } = route;
  const schema = operation.bodyOf?.(ref(payloadName(name)), requiresPayload(job)) ?? {};
  const examples = job.definition.examples.map((example) => [
    example.id,
    { summary: example.name, value: operation.exampleOf?.(example.payload) },
  ]);
  const content = { schema, ...(examples.length > 0 && { examples: Object.fromEntries(examples) }) };
  return {
    ...describe(route),
    operationId: `${operation.id}_${toComponentName(name)}`,
    summary: `${job.name}: ${operation.summary}`,
    tags: [job.name],
    parameters: toParameters(operation, false),
    requestBody: { required: true, content: { "application/json": content } },
  };
}

/** Whether the schema refuses a payload that is left out; one that answers later is taken to. */
function requiresPayload({ definition }: AnyJob): boolean {
  const parsed = tryToParse(definition.schema);
  if (!(parsed instanceof Promise)) return !parsed.ok;
  // Its answer comes too late to be of use here, and whether it fails is the matter of whoever invokes the job.
  parsed.catch(() => undefined);
  return true;
}

/** One that throws over nothing takes no payload that is left out, and the document of all the others is made. */
function tryToParse(schema: Schema | undefined): ReturnType<typeof parseWith> {
  try {
    return parseWith(schema, undefined);
  } catch (thrown) {
    return toRefusal(thrown, undefined);
  }
}

function describe({ path, operation }: ApiRoute): JsonSchema {
  const { answer, answerType = "application/json", status } = operation;
  const schema = typeof answer === "string" ? ref(answer) : answer;
  return {
    operationId: operation.id,
    summary: operation.summary,
    parameters: toParameters(operation, path.includes("{id}")),
    ...(operation.body !== undefined && {
      requestBody: { content: { "application/json": { schema: operation.body } } },
    }),
    responses: {
      [status]: { description: operation.summary, content: { [answerType]: { schema } } },
      ...otherwise(operation),
      ...refusals(),
    },
  };
}

function toParameters({ query = [], headers = [] }: Operation, hasId: boolean): readonly JsonSchema[] {
  const id = { name: "id", in: "path", required: true, schema: { type: "string" } };
  return [
    ...(hasId ? [id] : []),
    ...query.map((parameter) => ({ ...parameter, in: "query" })),
    ...headers.map((parameter) => ({ ...parameter, in: "header" })),
  ];
}

function otherwise({ otherwise: other }: Operation): JsonSchema {
  if (other === undefined) return {};
  const content = other.answer === undefined ? {} : { content: { "application/json": { schema: ref(other.answer) } } };
  return { [other.status]: { description: other.why, ...content } };
}

function refusals(): JsonSchema {
  const content = { "application/json": { schema: ref("Error") } };
  return Object.fromEntries(
    Object.entries(REFUSALS).map(([status, description]) => [status, { description, content }]),
  );
}
