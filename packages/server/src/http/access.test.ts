import { request } from "node:http";
import { createTRPCClient, httpBatchLink } from "@trpc/client";
import superjson from "superjson";
import { describe, expect, test } from "vitest";
import { z } from "zod";
import { createServer } from "../create-server.ts";
import { call } from "../testing/call.ts";
import { startTestServer } from "../testing/index.ts";
import { defineTestJobs } from "../testing/test-jobs.ts";

const jobs = defineTestJobs(z);

/** `fetch` will not send a Host of one's choosing. */
function callAs(url: string, headers: Readonly<Record<string, string>>, method = "GET"): Promise<number> {
  return new Promise((resolve, reject) => {
    const sent = request(url, { method, headers }, (response) => {
      response.resume();
      resolve(response.statusCode ?? 0);
    });
    sent.on("error", reject).end();
  });
}

describe("a server with a key", () => {
  const apiKey = "s3cret-key";

  test("asks for it at every door but the ones without secrets", async () => {
    await using server = await startTestServer({ jobs, apiKey });
    for (const path of ["/api/v1/jobs", "/api/v1/openapi.json", "/trpc/catalog.list", "/metrics"]) {
      expect((await call(`${server.url}${path}`)).status).toBe(401);
      expect((await call(`${server.url}${path}`, { headers: { authorization: "Bearer wrong" } })).status).toBe(401);
      expect((await call(`${server.url}${path}`, { headers: { authorization: `Bearer ${apiKey}` } })).status).toBe(200);
    }
    expect((await call(`${server.url}/healthz`)).status).toBe(200);
    expect((await call(`${server.url}/readyz`)).status).toBe(200);
    expect((await call(`${server.url}/api/v1/requests/none`, { body: {} })).status).toBe(404);
  });

  test("takes the scheme in any case, as HTTP has it", async () => {
    await using server = await startTestServer({ jobs, apiKey, readApiKey: "l00k-key" });
    const pause = `${server.url}/api/v1/jobs/greet/pause`;
    for (const scheme of ["bearer", "BEARER", "Bearer"]) {
      expect(await callAs(pause, { authorization: `${scheme} ${apiKey}` }, "POST")).toBe(200);
      expect(await callAs(pause, { authorization: `${scheme} l00k-key` }, "POST")).toBe(403);
      expect(await callAs(`${server.url}/api/v1/jobs`, { authorization: `${scheme} l00k-key` })).toBe(200);
    }
  });

  test("takes posted questions as reading, alone and many together, and nothing with a change among them", async () => {
    await using server = await startTestServer({ jobs, apiKey, readApiKey: "l00k-key" });
    const post = async (path: string, body: unknown): Promise<number> => {
      const headers = { authorization: "Bearer l00k-key" };
      return (await call(`${server.url}${path}`, { method: "POST", headers, body })).status;
    };
    expect(await post("/trpc/runs.list", { json: {} })).toBe(200);
    expect(await post("/trpc/runs.follow", { json: { runs: [] } })).toBe(200);
    expect(await post("/trpc/runs.list,catalog.list?batch=1", { 0: { json: {} } })).toBe(200);
    const greet = { json: { id: "greet" } };
    for (const path of ["/trpc/catalog.pause", "/trpc/catalog%2Epause", "/api/v1/jobs/greet/pause"])
      expect([path, await post(path, greet)]).toEqual([path, 403]);
    expect(await post("/trpc/catalog.pause,catalog.pause?batch=1", { 0: greet, 1: greet })).toBe(403);
    // These are refused, too, some for what they are.
    for (const paths of [
      "runs.list,catalog.pause",
      "runs.list%2Ccatalog.pause",
      "catalog.pause,",
      "catalog.list,toString",
    ])
      expect(await post(`/trpc/${paths}?batch=1`, { 0: greet, 1: greet })).toBeGreaterThan(200);
    expect((await server.engine.listJobs()).filter(({ isPaused }) => isPaused)).toEqual([]);
  });

  test.each([
    ["a call", (name: string) => `jobs.${name}.invoke`, "POST"],
    ["a question", (name: string) => `jobs.${name}.result`, "GET"],
    ["a call by the wrong method", (name: string) => `jobs.${name}.invoke`, "GET"],
    ["a batch", (name: string) => `jobs.${name}.invoke,jobs.${name}.batchInvoke?batch=1`, "POST"],
  ])("tells a stranger nothing of the names of its jobs: %s", async (_what, toPath, method) => {
    await using server = await startTestServer({ jobs, apiKey });
    const ask = async (name: string, headers: Readonly<Record<string, string>>) => {
      const body = method === "POST" ? { body: {} } : {};
      const answer = await call(`${server.url}/trpc/${toPath(name)}`, { method, headers, ...body });
      return [answer.status, JSON.stringify(answer.body).replaceAll(name, "…")];
    };
    for (const headers of [{}, { authorization: "Bearer wrong" }]) {
      const refusal = await ask("greet", headers);
      expect(refusal).toEqual([401, expect.stringContaining("key")]);
      expect(await ask("guess", headers)).toEqual(refusal);
    }
  });

  test("tells each client in its own shape what is missing", async () => {
    await using server = await startTestServer({ jobs, apiKey });
    const { body, headers } = await call(`${server.url}/api/v1/jobs`);
    expect(body).toMatchObject({
      error: { code: "NOT_ALLOWED", message: expect.stringContaining("Authorization: Bearer") },
    });
    expect(headers.get("www-authenticate")).toContain("Bearer");
    const trpc = createTRPCClient<typeof server.router>({
      links: [httpBatchLink({ url: `${server.url}/trpc`, transformer: superjson })],
    });
    const refused = Promise.all([trpc.catalog.list.query(), trpc.runs.list.query()]);
    await expect(refused).rejects.toMatchObject({ data: { code: "UNAUTHORIZED", beckon: { code: "NOT_ALLOWED" } } });
  });
});

/** What browsers send with a form that a page of another site posts, and what programs send, which is none of it. */
const foreignForm = {
  origin: "https://evil.example",
  "sec-fetch-site": "cross-site",
  "content-type": "application/x-www-form-urlencoded",
};

describe("a server without a key that is mounted in a host", () => {
  const publicUrl = "https://acme.example/beckon";
  const mounted = () => startTestServer({ jobs, port: null, publicUrl, cors: ["https://app.example"] });

  test.each([
    ["a page of another site", foreignForm, 403],
    ["one that keeps its origin to itself", { ...foreignForm, origin: "null" }, 403],
    ["one over plain HTTP, where browsers tell no more", { origin: "http://evil.example" }, 403],
    [
      "a page at another name of the same site",
      { origin: "https://b.acme.example", "sec-fetch-site": "same-site" },
      403,
    ],
    ["a page that cors names", { origin: "https://app.example", "sec-fetch-site": "cross-site" }, 200],
    ["its own page", { origin: "https://acme.example", "sec-fetch-site": "same-origin" }, 200],
    ["its own page, as the host names it", { origin: "http://internal:80", host: "internal" }, 200],
    ["a program over a browser's network", { "sec-fetch-site": "none" }, 200],
    ["a program", {}, 200],
  ] as const)("takes changes from its own pages and from programs: %s", async (_who, headers, status) => {
    await using server = await mounted();
    const send = async (path: string, init: RequestInit): Promise<number> =>
      (await server.fetch(new Request(`${publicUrl}${path}`, init))).status;
    const post = (path: string, body: string) => send(path, { method: "POST", headers, body });
    expect(await post("/api/v1/jobs/greet/pause", "a=b")).toBe(status);
    expect(await send("/api/v1/jobs", { headers })).toBe(200);
    // The token of a request is what its sender has to show, wherever it sends it from.
    expect(await post("/api/v1/requests/none", "a=b")).toBe(404);
    const json = { ...headers, "content-type": "application/json" };
    const procedure = (path: string) => send(path, { method: "POST", headers: json, body: '{"json":{"id":"greet"}}' });
    expect(await procedure("/trpc/catalog.pause")).toBe(status);
    expect(await procedure("/trpc/catalog.get")).toBe(200);
  });
});

describe("a server without a key", () => {
  test("does not start where others can reach it", async () => {
    await expect(createServer({ jobs, host: "0.0.0.0" })).rejects.toThrow(
      'Option "apiKey": without one the server would be open',
    );
  });

  test("answers only to this machine's names, so that no page can point a name of its own at it", async () => {
    await using server = await startTestServer({ jobs });
    const { port } = new URL(server.url);
    expect(await callAs(`${server.url}/api/v1/jobs`, { host: "evil.example" })).toBe(403);
    for (const host of [`localhost:${port}`, "127.0.0.1", `app.localhost:${port}`, "[::1]:80"]) {
      expect(await callAs(`${server.url}/api/v1/jobs`, { host })).toBe(200);
      expect(await callAs(`${server.url}/api/v1/jobs`, { host: "evil.example" })).toBe(403);
    }
  });

  test("takes no changes from pages of other origins, unless cors names them", async () => {
    await using server = await startTestServer({ jobs, cors: ["https://acme.com"] });
    const pause = `${server.url}/api/v1/jobs/greet/pause`;
    expect(await callAs(pause, { origin: "https://evil.example" }, "POST")).toBe(403);
    expect(await callAs(pause, { origin: "null" }, "POST")).toBe(403);
    expect(await callAs(pause, { origin: server.url }, "POST")).toBe(200);
    expect(await callAs(pause, { origin: "https://acme.com" }, "POST")).toBe(200);
    expect(await callAs(pause, { "sec-fetch-site": "cross-site" }, "POST")).toBe(403);
    const { headers } = await call(`${server.url}/api/v1/jobs`, { headers: { origin: "https://acme.com" } });
    expect(headers.get("access-control-allow-origin")).toBe("https://acme.com");
    expect(headers.get("access-control-expose-headers")).toBe("retry-after");
  });
});

test.each([
  ["HTTPS://Acme.com/", "https://acme.com"],
  ["https://acme.com:443", "https://acme.com"],
  ["http://localhost:5173/", "http://localhost:5173"],
  ["https://möglich.example", "https://xn--mglich-wxa.example"],
  ["capacitor://localhost", "capacitor://localhost"],
])("an origin that cors names as %s is that which browsers send as %s", async (named, origin) => {
  await using server = await startTestServer({ jobs, cors: [named] });
  const { headers } = await call(`${server.url}/api/v1/jobs`, { headers: { origin } });
  expect(headers.get("access-control-allow-origin")).toBe(origin);
  expect(await callAs(`${server.url}/api/v1/jobs/greet/pause`, { origin }, "POST")).toBe(200);
});

test.each([
  ["without a key", undefined],
  ["with a key", "s3cret-key"],
])("health, readiness and metrics, %s", async (_which, apiKey) => {
  await using server = await startTestServer({ jobs, apiKey });
  await server.jobs.charge.invokeAndWait({ amount: 1 });
  expect((await call(`${server.url}/healthz`)).body).toEqual({ status: "ok" });
  expect((await call(`${server.url}/readyz`)).body).toEqual({ status: "ready", isDraining: false, problem: null });
  await call(`${server.url}/api/v1/requests/none`, { body: {} });
  for (const path of ["/session", "/", "/jobs/greet", "/nothing"]) await call(`${server.url}${path}`);
  const { body } = await call(`${server.url}/metrics`, { headers: { authorization: `Bearer ${apiKey}` } });
  expect(body).toContain('beckon_runs_finished_total{status="SUCCESS"} 1');
  expect(body).toContain('beckon_runs_finished_total{status="EXPIRED"} 0');
  expect(body).toContain('beckon_runs_live{job="charge",status="QUEUED"} 0');
  expect(body).toContain('beckon_http_request_duration_seconds_count{method="GET",route="/readyz",status="200"} 1');
  const routes = [...String(body).matchAll(/_count\{method="[A-Z]+",route="([^"]+)"/g)].map(([, route]) => route);
  expect(routes).toEqual(["/healthz", "/readyz", "/api/v1/requests/:token", "/session", "/", "/jobs/*", "/*"]);
});
