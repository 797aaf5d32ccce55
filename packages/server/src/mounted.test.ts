import { createServer as createHttpServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { getRequestListener } from "@hono/node-server";
import express from "express";
import fastify from "fastify";
import { Hono } from "hono";
import { expect, test } from "vitest";
import { z } from "zod";
import { call } from "./testing/call.ts";
import { startTestServer } from "./testing/index.ts";
import { defineTestJobs } from "./testing/test-jobs.ts";

const jobs = defineTestJobs(z);

const publicUrl = "https://acme.example/beckon";
const startUnheard = () => startTestServer({ jobs, port: null, publicUrl });

/** Listens with a host's handler, and gives what its tests call. */
async function host(
  listener: (request: IncomingMessage, response: ServerResponse) => unknown,
): Promise<AsyncDisposable & { readonly url: string }> {
  const server = createHttpServer((request, response) => void listener(request, response));
  await new Promise<void>((resolve) => void server.listen(0, "127.0.0.1", resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    [Symbol.asyncDispose]: () => new Promise((resolve) => void server.close(() => resolve())),
  };
}

/** Every door of the mounted server, below the path it is mounted at. */
async function expectAllDoors(url: string): Promise<void> {
  const { status, body } = await call(`${url}/api/v1/jobs/charge/invoke`, { body: { payload: { amount: 5 } } });
  expect(status).toBe(202);
  const { id } = body as { readonly id: string };
  expect((await call(`${url}/api/v1/runs/${id}/result`)).body).toMatchObject({ output: { charged: 5 } });
  const input = encodeURIComponent(JSON.stringify({ json: { id } }));
  expect((await call(`${url}/trpc/jobs.charge.result?input=${input}`)).body).toMatchObject({
    result: { data: { json: { ok: true } } },
  });
  const sent = await call(`${url}/trpc/jobs.charge.invoke`, { body: { json: { payload: { amount: "5" } } } });
  expect(sent).toMatchObject({
    status: 400,
    body: { error: { json: { data: { beckon: { code: "INVALID_PAYLOAD" } } } } },
  });
  expect((await call(`${url}/api/v1/runs/${id}`, { method: "DELETE" })).status).toBe(405);
  expect((await call(`${url}/healthz`)).status).toBe(200);
  expect((await call(`${url}/api/v1/nothing`)).body).toMatchObject({ error: { code: "NOT_FOUND" } });
  const events = await fetch(`${url}/api/v1/runs/${id}/events`);
  expect(await events.text()).toContain('"status":"SUCCESS"');
  const body10 = JSON.stringify({ payload: "x".repeat(10 * 1024 * 1024) });
  expect((await call(`${url}/api/v1/jobs/echo/invoke`, { body: body10 })).status).toBe(413);
  const inPieces = { method: "POST", body: new Blob(['{"payload":{"amount":1}}']).stream(), duplex: "half" } as const;
  const piecemeal = await fetch(`${url}/api/v1/jobs/charge/invoke`, {
    ...inPieces,
    headers: { "content-type": "application/json" },
  });
  expect(piecemeal.status).toBe(202);
}

test("mounted behind what reads bodies, it tells its host so", async () => {
  const heard: unknown[] = [];
  await using server = await startTestServer({ jobs, port: null, publicUrl, onError: (error) => heard.push(error) });
  const app = express().use(express.json(), (request, response) => void server.node(request, response));
  await using mounted = await host(app);
  const { url } = mounted;
  expect((await call(`${url}/api/v1/jobs/charge/invoke`, { body: { payload: { amount: 5 } } })).status).toBe(500);
  expect((await call(`${url}/trpc/jobs.charge.invoke`, { body: { json: {} } })).status).toBe(500);
  const sentence = expect.stringContaining("mount the server before what reads bodies");
  expect(heard).toEqual([1, 2].map(() => expect.objectContaining({ message: sentence })));
});

test("server.fetch in a Hono app, which takes its own path off", async () => {
  await using server = await startUnheard();
  const app = new Hono().mount("/beckon", server.fetch);
  await using mounted = await host(getRequestListener(app.fetch));
  await expectAllDoors(`${mounted.url}/beckon`);
});

test("server.fetch as a Next-style route handler, which is handed the whole path", async () => {
  await using server = await startUnheard();
  const route = { GET: server.fetch, POST: server.fetch, DELETE: server.fetch };
  const app = new Hono().all("/beckon/*", (c) => route[c.req.method as keyof typeof route](c.req.raw));
  await using mounted = await host(getRequestListener(app.fetch));
  await expectAllDoors(`${mounted.url}/beckon`);
});

test("server.node in an Express app", async () => {
  await using server = await startUnheard();
  const app = express().use("/beckon", (request, response) => void server.node(request, response));
  await using mounted = await host(app);
  await expectAllDoors(`${mounted.url}/beckon`);
});

test("server.node in a Fastify app", async () => {
  await using server = await startUnheard();
  const app = fastify();
  app.removeAllContentTypeParsers();
  app.addContentTypeParser("*", (_request, _body, done) => done(null));
  app.all("/beckon/*", (request, reply) => {
    reply.hijack();
    void server.node(request.raw, reply.raw);
  });
  await app.ready();
  await using mounted = await host((request, response) => app.routing(request, response));
  await expectAllDoors(`${mounted.url}/beckon`);
  await app.close();
});

test.each(["/api", "/jobs", "/trpc", "/assets"])("mounted at %s, which begins like a path of its own", async (path) => {
  await using server = await startTestServer({ jobs, port: null, publicUrl: `https://acme.example${path}` });
  const hosts = [new Hono().mount(path, server.fetch), new Hono().all(`${path}/*`, (c) => server.fetch(c.req.raw))];
  for (const app of hosts) {
    await using mounted = await host(getRequestListener(app.fetch));
    await expectAllDoors(`${mounted.url}${path}`);
    expect((await call(`${mounted.url}${path}/jobs`)).status).toBe(200);
    expect((await call(`${mounted.url}${path}/theme.js`)).status).toBe(200);
    expect((await call(`${mounted.url}${path}/session`)).status).toBe(200);
    expect((await call(`${mounted.url}${path}/metrics`)).status).toBe(200);
  }
});

test.each(["/möglich", "/m%C3%B6glich", "/a b", "/a%20b", "/50%25"])(
  "mounted at %s, which an address spells otherwise than Hono reads it",
  async (path) => {
    await using server = await startTestServer({ jobs, port: null, publicUrl: `https://acme.example${path}/` });
    const { href, pathname } = new URL(`https://acme.example${path}`);
    expect(server.url).toBe(href);
    await using mounted = await host(getRequestListener(server.fetch));
    await expectAllDoors(`${mounted.url}${pathname}`);
  },
);

test("server.node alone under Node's own http", async () => {
  await using server = await startTestServer({ jobs, port: null, publicUrl: "https://acme.example" });
  await using mounted = await host((request, response) => void server.node(request, response));
  await expectAllDoors(mounted.url);
  expect(server.url).toBe("https://acme.example");
});
