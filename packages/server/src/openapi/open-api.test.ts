import { BeckonClient, invokeTrigger } from "@beckon/core";
import type { Schema } from "@beckon/core/runtime";
import { Validator } from "@seriousme/openapi-schema-validator";
import { Ajv2020 } from "ajv/dist/2020.js";
import { expect, test } from "vitest";
import { z } from "zod";
import { call, type Sent } from "../testing/call.ts";
import { startTestServer } from "../testing/index.ts";
import { defineTestJobs } from "../testing/test-jobs.ts";

const jobs = defineTestJobs(z);

interface Operation {
  readonly operationId: string;
  readonly responses: Readonly<
    Record<string, { readonly content: { readonly "application/json": { readonly schema: object } } }>
  >;
}

interface Document {
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
  readonly components: { readonly schemas: Readonly<Record<string, unknown>> };
}

async function readDocument(url: string): Promise<Document> {
  return (await call(`${url}/api/v1/openapi.json`)).body as Document;
}

const tree: z.ZodType = z.object({
  label: z.string(),
  get children() {
    return z.array(tree);
  },
});
const client = new BeckonClient({ id: "tests" });
const plant = client.defineJob({
  id: "plant",
  name: "Plant",
  version: "1.0.0",
  trigger: invokeTrigger({ schema: tree }),
  run: async () => undefined,
});

test("the document is valid OpenAPI 3.1, also where schemas refer to themselves", async () => {
  await using server = await startTestServer({ jobs: { ...jobs, plant } });
  const document = await readDocument(server.url);
  const validator = new Validator();
  expect(await validator.validate({ ...document })).toEqual({ valid: true });
  expect(validator.version).toBe("3.1");
  expect(JSON.stringify(document.components.schemas["plant.Payload"])).toContain(
    '"$ref":"#/components/schemas/plant.Payload',
  );
});

test("examples with values that JSON has not are written as REST answers them", async () => {
  const schema = z.object({ digits: z.bigint(), rows: z.map(z.string(), z.number()), names: z.set(z.string()) });
  const payload = { digits: 7n, rows: new Map([["a", 1]]), names: new Set(["Ada"]) };
  const rich = client.defineJob({
    id: "rich",
    name: "Rich",
    version: "1.0.0",
    trigger: invokeTrigger({ schema, examples: [{ id: "all", name: "All", payload }] }),
    run: async () => undefined,
  });
  await using server = await startTestServer({ jobs: { rich } });
  const document = await readDocument(server.url);
  expect(await new Validator().validate({ ...document })).toEqual({ valid: true });
  expect(JSON.stringify(document)).toContain('"value":{"payload":{"digits":"7","rows":[["a",1]],"names":["Ada"]}}');
});

test("it has an operation for each job, with the payload's schema and the examples", async () => {
  await using server = await startTestServer({ jobs });
  const { paths, components } = await readDocument(server.url);
  expect(paths["/jobs/greet/invoke"]?.["post"]).toMatchObject({
    operationId: "invoke_greet",
    requestBody: {
      content: {
        "application/json": {
          schema: { properties: { payload: { $ref: "#/components/schemas/greet.Payload" } }, required: ["payload"] },
          examples: { ada: { summary: "Ada", value: { payload: { name: "Ada" } } } },
        },
      },
    },
  });
  expect(components.schemas["greet.Payload"]).toMatchObject({
    properties: { name: { type: "string" } },
    required: ["name"],
  });
  expect(JSON.stringify(paths["/jobs/echo/invoke"])).not.toContain('"required":["payload"]');
});

test("a job whose schema throws over a payload that is left out requires one, and the others are described, too", async () => {
  const shout: Schema<string> = {
    "~standard": {
      version: 1,
      vendor: "test",
      validate: (value) => ({ value: (value as string).toUpperCase() }),
    },
  };
  const hasty = client.defineJob({
    id: "hasty",
    name: "Hasty",
    version: "1.0.0",
    trigger: invokeTrigger({ schema: shout }),
    run: async () => undefined,
  });
  await using server = await startTestServer({ jobs: { ...jobs, hasty } });
  const { paths } = await readDocument(server.url);
  expect(JSON.stringify(paths["/jobs/hasty/invoke"])).toContain('"required":["payload"]');
  expect(paths["/jobs/greet/invoke"]).toBeDefined();
});

test("names of exports and of parts that read alike stay apart, and every reference leads to a component", async () => {
  const user = z.object({ name: z.string() }).meta({ id: "acme/User" });
  const define = (id: string) =>
    client.defineJob({
      id,
      name: id,
      version: "1.0.0",
      trigger: invokeTrigger({ schema: z.object({ to: z.array(user), by: user }) }),
      run: async () => undefined,
    });
  const alike = { a$b: define("one"), a_b: define("two"), "send-mail": define("three"), send_mail: define("four") };
  await using server = await startTestServer({ jobs: alike });
  const document = await readDocument(server.url);
  expect(await new Validator().validate({ ...document })).toEqual({ valid: true });
  const { paths, components } = document;
  for (const [name, id] of Object.entries({ "a.x24.b": "one", a_b: "two", "send-mail": "three", send_mail: "four" })) {
    expect(components.schemas[`${name}.Payload`]).toMatchObject({ title: `Payload of ${id}` });
    expect(components.schemas[`${name}.Payload.acme.x2f.User`]).toMatchObject({ properties: { name: {} } });
    expect(paths[`/jobs/${id}/invoke`]?.["post"]?.operationId).toBe(`invoke_${name}`);
  }
  const ids = Object.values(paths).flatMap((path) => Object.values(path).map(({ operationId }) => operationId));
  expect(new Set(ids).size).toBe(ids.length);
  const found = JSON.stringify(document).matchAll(/"#\/components\/schemas\/([^"]*)"/g);
  const references = [...found].map(([, name]) => name);
  expect(references).toContain("a_b.Payload.acme.x2f.User");
  expect(references.filter((name) => components.schemas[name ?? ""] === undefined)).toEqual([]);
});

test("every described route is served", async () => {
  await using server = await startTestServer({ jobs });
  const { paths } = await readDocument(server.url);
  const statuses = Object.keys(paths).map(async (path) => {
    const { status } = await call(`${server.url}/api/v1${path.replace("{id}", "none")}`, { method: "PUT" });
    return [path, status];
  });
  expect(await Promise.all(statuses)).toEqual(Object.keys(paths).map((path) => [path, 405]));
});

/** One request, by the path that the document has for it, and the status it is answered with. */
interface Asked {
  readonly path: string;
  readonly id?: string;
  readonly query?: string;
  readonly sent?: Sent;
  readonly status: number;
}

/** Holds answers against the document. A status that is not described in it is not what it says. */
async function createAnswerCheck(url: string) {
  const { paths, components } = await readDocument(url);
  const ajv = new Ajv2020({ strict: false, validateFormats: false, allErrors: true });
  ajv.addSchema({ $id: "beckon:", components });
  return async ({ path, id = "", query = "", sent = {}, status }: Asked): Promise<void> => {
    const answer = await call(`${url}/api/v1${path.replace("{id}", id)}${query}`, sent);
    const method = sent.method ?? (sent.body === undefined ? "get" : "post");
    const described =
      paths[path]?.[method.toLowerCase()]?.responses[String(status)]?.content["application/json"].schema;
    expect([path, answer.status, described]).toEqual([path, status, expect.any(Object)]);
    const check = ajv.compile(JSON.parse(JSON.stringify(described).replaceAll("#/components", "beckon:#/components")));
    expect([path, check(answer.body), check.errors]).toEqual([path, true, null]);
  };
}

test("what the server answers is what the document says", async () => {
  await using server = await startTestServer({ jobs });
  const expectDescribed = await createAnswerCheck(server.url);
  const { id } = await server.jobs.welcome.invoke({ name: "Ada" });
  const failed = await server.jobs.charge.invoke({ amount: 500 });
  await Promise.all([server.jobs.welcome.run(id).result(), failed.result()]);
  for (const path of ["/jobs", "/runs"]) await expectDescribed({ path, status: 200 });
  await expectDescribed({ path: "/jobs/{id}", id: "greet", status: 200 });
  for (const run of [id, failed.id]) {
    for (const path of ["", "/result", "/tasks", "/logs", "/explain"])
      await expectDescribed({ path: `/runs/{id}${path}`, id: run, status: 200 });
  }
  await expectDescribed({ path: "/runs/{id}", id: "run_none", status: 404 });
  const waiting = await server.jobs.sleeper.invoke({});
  await expectDescribed({ path: "/runs/{id}/result", id: waiting.id, query: "?timeoutMs=1", status: 202 });
});

test("what the server answers to what is posted is what the document says, refusals of every kind among it", async () => {
  await using server = await startTestServer({ jobs });
  const expectDescribed = await createAnswerCheck(server.url);
  const path = "/jobs/greet/invoke";
  const payload = { name: "Ada" };
  const key = { "idempotency-key": "one" };
  await expectDescribed({ path, sent: { body: { payload }, headers: key }, status: 202 });
  await expectDescribed({ path, sent: { body: { payload }, headers: { prefer: "wait=10" } }, status: 200 });
  await expectDescribed({ path, sent: { body: { payload: { name: 5 } } }, status: 400 });
  await expectDescribed({ path, sent: { body: { payload: { name: "Bob" } }, headers: key }, status: 409 });
  await expectDescribed({ path, sent: { body: "x".repeat(5 * 1024 * 1024) }, status: 413 });
  await expectDescribed({ path, sent: { body: "<a/>", headers: { "content-type": "text/xml" } }, status: 415 });
  await expectDescribed({ path: "/jobs/disabled/invoke", sent: { body: { payload: 1 } }, status: 403 });
  await expectDescribed({ path: "/jobs/greet/batch", sent: { body: { items: [{ payload }] } }, status: 202 });
  await expectDescribed({ path: "/signals", sent: { body: { name: "wake-up" } }, status: 200 });
  for (const action of ["pause", "resume"])
    await expectDescribed({ path: `/jobs/{id}/${action}`, id: "greet", sent: { method: "POST" }, status: 200 });
  const failed = await server.jobs.charge.invoke({ amount: 500 });
  await failed.result();
  await expectDescribed({ path: "/runs/{id}/cancel", id: failed.id, sent: { method: "POST" }, status: 409 });
  await expectDescribed({ path: "/runs/{id}/replay", id: failed.id, sent: { method: "POST" }, status: 202 });
  await expectDescribed({ path: "/runs/{id}/retry", id: failed.id, sent: { method: "POST" }, status: 200 });
});
