import { BeckonClient, invokeTrigger } from "@beckon/core";
import { createMemoryStore } from "@beckon/engine/testing";
import { describe, expect, test } from "vitest";
import { z } from "zod";
import { call } from "../testing/call.ts";
import { startTestServer } from "../testing/index.ts";
import { defineTestJobs } from "../testing/test-jobs.ts";

const jobs = defineTestJobs(z);

const TEN_MB = "x".repeat(10 * 1024 * 1024);

const fail = () => Promise.reject(new Error("the disk is gone"));

/** What superjson says of a payload that is of this type. */
const annotated = (value: unknown, type: string) => ({
  json: { payload: value },
  meta: { values: { payload: [type] } },
});

const pathAt = (level: number, last: number) => ["payload", ...Array<number>(level).fill(0), last].join(".");

/** Sixty lists in each other, each of which is said to hold the next one twice. */
function doubled() {
  let payload: unknown = [0, 0];
  for (let level = 1; level < 60; level += 1) payload = [payload, 0];
  const references = Array.from({ length: 60 }, (_, level) => [pathAt(level, 0), [pathAt(level, 1)]] as const);
  return { json: { payload }, meta: { referentialEqualities: Object.fromEntries(references), v: 1 } };
}

/** Of a few thousand bytes at most. */
const OVERGROWN = [
  { name: "a list of two to the power of sixty parts", body: doubled() },
  {
    name: "128 MB of bytes",
    body: { json: { payload: 134_217_728 }, meta: { values: { payload: [["typed-array", "Uint8Array"]] }, v: 1 } },
  },
  {
    name: "a list of four billion",
    body: { json: { payload: [0, 1] }, meta: { referentialEqualities: { "payload.1": ["payload.4294967290"] }, v: 1 } },
  },
];

/** What every refusal must look like, and nothing of which may leak. */
function expectRefusal(body: unknown, code: string): void {
  expect(body).toEqual({ error: expect.objectContaining({ code, message: expect.stringMatching(/\w{3}/) }) });
  expect(JSON.stringify(body)).not.toMatch(/\bat .*\.(ts|js|mjs):\d|node_modules|node:internal/);
}

describe("the HTTP surface refuses in one shape", () => {
  test.each([
    { name: "malformed JSON", path: "/jobs/greet/invoke", sent: { body: "{nope" }, status: 400, code: "PARSE_ERROR" },
    {
      name: "a body that is no object",
      path: "/jobs/greet/invoke",
      sent: { body: "[1]" },
      status: 400,
      code: "INVALID_OPTION",
    },
    { name: "no body", path: "/jobs/greet/invoke", sent: { method: "POST" }, status: 400, code: "INVALID_OPTION" },
    {
      name: "a body of 10 MB",
      path: "/jobs/greet/invoke",
      sent: { body: { payload: TEN_MB } },
      status: 413,
      code: "PAYLOAD_TOO_LARGE",
    },
    {
      name: "a body of another type",
      path: "/jobs/greet/invoke",
      sent: { body: "<a/>", headers: { "content-type": "text/xml" } },
      status: 415,
      code: "UNSUPPORTED_MEDIA_TYPE",
    },
    {
      name: "an unknown option",
      path: "/jobs/greet/invoke",
      sent: { body: { payload: { name: "A" }, options: { prio: 1 } } },
      status: 400,
      code: "INVALID_OPTION",
    },
    {
      name: "an unknown job",
      path: "/jobs/none/invoke",
      sent: { body: { payload: 1 } },
      status: 404,
      code: "NOT_FOUND",
    },
    {
      name: "a disabled job",
      path: "/jobs/disabled/invoke",
      sent: { body: { payload: 1 } },
      status: 403,
      code: "JOB_DISABLED",
    },
    { name: "an unknown run", path: "/runs/run_none", sent: {}, status: 404, code: "NOT_FOUND" },
    { name: "an unknown route", path: "/nothing/here", sent: {}, status: 404, code: "NOT_FOUND" },
    {
      name: "a wrong method",
      path: "/jobs/greet/invoke",
      sent: { method: "DELETE" },
      status: 405,
      code: "METHOD_NOT_SUPPORTED",
    },
    { name: "a bad filter", path: "/runs?limit=many", sent: {}, status: 400, code: "INVALID_OPTION" },
    { name: "an unknown filter", path: "/runs?state=QUEUED", sent: {}, status: 400, code: "INVALID_OPTION" },
    { name: "a bad instant", path: "/runs?from=yesterday", sent: {}, status: 400, code: "INVALID_OPTION" },
    { name: "a filter given twice", path: "/runs?tag=a&tag=b", sent: {}, status: 400, code: "INVALID_OPTION" },
    { name: "a cursor of no page", path: "/runs?cursor=zz", sent: {}, status: 400, code: "INVALID_OPTION" },
    { name: "an unknown token", path: "/requests/none", sent: { body: {} }, status: 404, code: "NOT_FOUND" },
  ])("$name", async ({ path, sent, status, code }) => {
    await using server = await startTestServer({ jobs });
    const answer = await call(`${server.url}/api/v1${path}`, sent);
    expect(answer.status).toBe(status);
    expectRefusal(answer.body, code);
    expect((await server.engine.listRuns({})).runs).toEqual([]);
  });

  test("B12 a bad payload, with path, expected and received", async () => {
    await using server = await startTestServer({ jobs });
    const answer = await call(`${server.url}/api/v1/jobs/greet/invoke`, {
      body: { payload: { name: "A", tags: [{ label: 7 }] } },
    });
    expect(answer.status).toBe(400);
    expectRefusal(answer.body, "INVALID_PAYLOAD");
    expect(answer.body).toMatchObject({
      error: {
        message: expect.stringMatching(/payload\.tags\[0\]\.label: .*expected string, received (number|7)/),
        issues: [{ path: ["tags", 0, "label"] }],
      },
    });
    expect((await server.engine.listRuns({})).runs).toEqual([]);
  });

  const rich = { "content-type": "application/superjson+json" };
  test.each([
    { name: "a BigInt", body: annotated("abc", "bigint") },
    { name: "a URL", body: annotated("nope", "URL") },
    { name: "a Set", body: annotated(5, "set") },
    { name: "a RegExp", body: annotated("nope", "regexp") },
    { name: "no superjson", body: { payload: 1 } },
  ])("superjson that says of its value what it is not: $name; the server hears of nothing", async ({ body }) => {
    const heard: unknown[] = [];
    await using server = await startTestServer({ jobs, onError: (error) => heard.push(error) });
    const answer = await call(`${server.url}/api/v1/jobs/echo/invoke`, { body, headers: rich });
    expect(answer.status).toBe(400);
    expectRefusal(answer.body, "PARSE_ERROR");
    expect(heard).toEqual([]);
  });

  test.each(OVERGROWN)("superjson of a few bytes that would become $name", async ({ body }) => {
    await using server = await startTestServer({ jobs });
    const answer = await call(`${server.url}/api/v1/jobs/echo/invoke`, { body, headers: rich });
    expect(answer.status).toBe(400);
    expectRefusal(answer.body, "PARSE_ERROR");
    expect((await server.engine.listRuns({})).runs).toEqual([]);
  });

  test.each(OVERGROWN)("at a door that asks for no key any superjson, such as $name", async ({ body }) => {
    const handedOut = Promise.withResolvers<string>();
    const waiting = new BeckonClient({ id: "tests" }).defineJob({
      id: "waiting",
      name: "Waiting",
      version: "1.0.0",
      trigger: invokeTrigger(),
      run: async (_payload, io) => io.waitForRequest("answer", (url) => handedOut.resolve(url)),
    });
    await using server = await startTestServer({ jobs: { waiting }, apiKey: "secret" });
    await server.jobs.waiting.invoke({});
    for (const door of [await handedOut.promise, `${server.url}/session`]) {
      const answer = await call(door, { body, headers: rich });
      expect(answer.status).toBe(415);
      expectRefusal(answer.body, "UNSUPPORTED_MEDIA_TYPE");
    }
  });

  test("an answer to a wrong method names the right ones", async () => {
    await using server = await startTestServer({ jobs });
    const { headers } = await call(`${server.url}/api/v1/runs/run_1`, { method: "PUT" });
    expect(headers.get("allow")).toBe("GET, HEAD");
  });

  test("an unknown route outside of it", async () => {
    await using server = await startTestServer({ jobs });
    const answer = await call(`${server.url}/wp-admin.php`);
    expect(answer.status).toBe(404);
    expectRefusal(answer.body, "NOT_FOUND");
  });

  test("what fails inside, without saying what it was; the server hears of it", async () => {
    const heard: unknown[] = [];
    const database = { ...createMemoryStore(), listRuns: fail, awaitsRequest: fail };
    await using server = await startTestServer({ jobs, database, onError: (error) => heard.push(error) });
    const requests = [
      new Request("http://localhost/api/v1/runs"),
      new Request("http://localhost/api/v1/requests/some-token", { method: "POST" }),
    ];
    for (const request of requests) {
      const response = await server.fetch(request);
      expect(response.status).toBe(500);
      expectRefusal(await response.json(), "INTERNAL_SERVER_ERROR");
    }
    expect(heard).toHaveLength(2);
  });
});

const TOO_LARGE = JSON.stringify({ json: { payload: TEN_MB } });

describe("tRPC refuses in its own shape", () => {
  test.each([
    { name: "malformed JSON", path: "jobs.greet.invoke", body: "{nope", status: 400, code: "BAD_REQUEST" },
    { name: "no superjson", path: "jobs.greet.invoke", body: '{"payload":{}}', status: 400, code: "BAD_REQUEST" },
    { name: "a body of 10 MB", path: "jobs.greet.invoke", body: TOO_LARGE, status: 413, code: "PAYLOAD_TOO_LARGE" },
    ...OVERGROWN.map(({ name, body }) => ({
      name: `a few bytes that would become ${name}`,
      path: "jobs.echo.invoke",
      body: JSON.stringify(body),
      status: 400,
      code: "BAD_REQUEST",
    })),
    { name: "an unknown procedure", path: "jobs.none.invoke", body: "{}", status: 404, code: "NOT_FOUND" },
    { name: "a mutation by GET", path: "catalog.pause", status: 405, code: "METHOD_NOT_SUPPORTED" },
  ])("$name", async ({ path, body, status, code }) => {
    await using server = await startTestServer({ jobs });
    const answer = await call(`${server.url}/trpc/${path}`, body === undefined ? {} : { body });
    expect(answer.status).toBe(status);
    expect(answer.body).toMatchObject({
      error: { json: { message: expect.any(String), data: { code, httpStatus: status } } },
    });
    expect(JSON.stringify(answer.body)).not.toContain("stack");
  });
});

test("a body of 10 MB that comes in pieces, its length untold", async () => {
  await using server = await startTestServer({ jobs });
  const body = new Blob([JSON.stringify({ payload: { name: TEN_MB } })]).stream();
  const headers = { "content-type": "application/json" };
  const response = await fetch(`${server.url}/api/v1/jobs/greet/invoke`, {
    method: "POST",
    body,
    headers,
    duplex: "half",
  });
  expect(response.status).toBe(413);
  const small = new Blob([JSON.stringify({ payload: { name: "Ada" } })]).stream();
  const taken = await fetch(`${server.url}/api/v1/jobs/greet/invoke`, {
    method: "POST",
    body: small,
    headers,
    duplex: "half",
  });
  expect(taken.status).toBe(202);
});

test.each(["trpc", "greet"])("a job with the id %s is refused in the one shape, with its own status", async (id) => {
  const named = new BeckonClient({ id: "tests" }).defineJob({
    id,
    name: "Named",
    version: "1.0.0",
    trigger: invokeTrigger(),
    run: async () => 1,
  });
  await using server = await startTestServer({ jobs: { named }, apiKey: "k", dashboard: false });
  const invoke = `${server.url}/api/v1/jobs/${id}/invoke`;
  const refusals = [
    await call(invoke, { body: TEN_MB }),
    await call(invoke, { body: "{}" }),
    await call(invoke, { body: "{}", headers: { authorization: "Bearer wrong" } }),
    await call(`${server.url}/api/v1/runs/${id}/result`),
  ];
  expect(refusals.map(({ status }) => status)).toEqual([413, 401, 401, 401]);
  for (const { body, status } of refusals) expectRefusal(body, status === 413 ? "PAYLOAD_TOO_LARGE" : "NOT_ALLOWED");
});

test("the server still answers after all of it", async () => {
  await using server = await startTestServer({ jobs });
  await Promise.all(
    Array.from({ length: 8 }, () => call(`${server.url}/api/v1/jobs/greet/invoke`, { body: { payload: TEN_MB } })),
  );
  expect((await call(`${server.url}/healthz`)).status).toBe(200);
});
