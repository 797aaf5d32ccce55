import { Hono } from "hono";
import { secureHeaders } from "hono/secure-headers";
import { expect, test } from "vitest";
import { z } from "zod";
import { call, type Sent } from "../testing/call.ts";
import { startTestServer } from "../testing/index.ts";
import { defineTestJobs } from "../testing/test-jobs.ts";

const jobs = defineTestJobs(z);

const requests: readonly (readonly [what: string, path: string, sent: Sent])[] = [
  ["an answer of the API", "/api/v1/jobs", {}],
  ["an invocation", "/api/v1/jobs/greet/invoke", { body: { payload: { name: "Ada" } } }],
  ["a refusal of the API", "/api/v1/jobs/none/invoke", { body: {} }],
  ["a wrong method", "/api/v1/jobs", { method: "DELETE" }],
  ["a path that leads nowhere", "/nowhere", {}],
  ["a procedure", "/trpc/catalog.list", {}],
  ["a refusal of a procedure", "/trpc/catalog.get", {}],
  ["a page", "/", {}],
  ["the state of health", "/healthz", {}],
  ["metrics", "/metrics", {}],
  ["a page of an origin that cors names", "/api/v1/jobs", { headers: { origin: "https://acme.com" } }],
];

test.each(requests)("%s tells browsers what Hono's middleware would", async (_what, path, sent) => {
  await using server = await startTestServer({ jobs, cors: ["https://acme.com"] });
  const app = new Hono().use(secureHeaders()).all("*", (c) => c.body(null));
  const expected = Object.fromEntries((await app.request("/")).headers);
  expect(Object.keys(expected)).toHaveLength(11);
  const { headers } = await call(`${server.url}${path}`, sent);
  expect(Object.fromEntries(headers)).toMatchObject(expected);
});

test.each(requests)(
  "mounted in a host, %s leaves it to that whether its domain is TLS only",
  async (_what, path, sent) => {
    await using server = await startTestServer({ jobs, port: null, publicUrl: "https://acme.example" });
    const { body, headers, method = body === undefined ? "GET" : "POST" } = sent;
    const json = { "content-type": "application/json", ...headers };
    const init = { method, headers: json, ...(body !== undefined && { body: JSON.stringify(body) }) };
    const answer = await server.fetch(new Request(`https://acme.example${path}`, init));
    expect(answer.headers.has("strict-transport-security")).toBe(false);
    expect(answer.headers.get("x-content-type-options")).toBe("nosniff");
    await answer.body?.cancel();
  },
);

test.each(requests)("%s is kept by no cache", async (_what, path, sent) => {
  await using server = await startTestServer({ jobs });
  const { headers } = await call(`${server.url}${path}`, sent);
  expect(headers.get("cache-control")).toMatch(path === "/" ? /no-store/ : /^private, no-store$/);
});

test("a batch of calls and what is known of a session are kept by no cache, and a stream says its own", async () => {
  await using server = await startTestServer({ jobs });
  const kept = async (path: string) => (await call(`${server.url}${path}`)).headers.get("cache-control");
  expect(await kept("/trpc/catalog.list,catalog.list?batch=1")).toBe("private, no-store");
  expect(await kept("/session")).toBe("private, no-store");
  const run = await server.jobs.greet.invoke({ name: "Ada" });
  await run.result();
  expect(await kept(`/api/v1/runs/${run.id}/events`)).toBe("no-cache");
});
