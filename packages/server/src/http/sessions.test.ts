import { createManualClock } from "@beckon/engine/testing";
import { expect, test } from "vitest";
import { z } from "zod";
import { createServer } from "../create-server.ts";
import { call } from "../testing/call.ts";
import { startTestServer } from "../testing/index.ts";
import { defineTestJobs } from "../testing/test-jobs.ts";

const jobs = defineTestJobs(z);
const keys = { apiKey: "full-key", readApiKey: "read-key" };

async function signIn(url: string, key: string): Promise<string> {
  const { headers, status } = await call(`${url}/session`, { body: { key } });
  expect(status).toBe(200);
  return headers.get("set-cookie") ?? "";
}

test("the key is traded for a cookie that scripts cannot read and other sites cannot send", async () => {
  await using server = await startTestServer({ jobs, ...keys });
  const cookie = await signIn(server.url, "full-key");
  expect(cookie).toMatch(/HttpOnly/);
  expect(cookie).toMatch(/SameSite=Strict/);
  expect(cookie).not.toContain("full-key");
  expect((await call(`${server.url}/api/v1/jobs`, { headers: { cookie } })).status).toBe(200);
  const pause = `${server.url}/api/v1/jobs/greet/pause`;
  expect((await call(pause, { method: "POST", headers: { cookie } })).status).toBe(200);
  const foreign = { cookie, "sec-fetch-site": "cross-site" };
  expect(await call(pause, { method: "POST", headers: foreign })).toMatchObject({
    status: 403,
    body: { error: { message: expect.stringContaining("is not this server's") } },
  });
});

test("where a browser tells only the origin of a page, those of other ports change nothing with the session", async () => {
  await using server = await startTestServer({ jobs, ...keys });
  const cookie = await signIn(server.url, "full-key");
  const pause = async (origin: string): Promise<number> => {
    const sent = { method: "POST", headers: { cookie, origin } };
    return (await call(`${server.url}/api/v1/jobs/greet/pause`, sent)).status;
  };
  expect(await pause(server.url)).toBe(200);
  for (const origin of ["http://127.0.0.1:1", "http://127.0.0.1", "https://evil.example", "null", "nonsense"])
    expect([origin, await pause(origin)]).toEqual([origin, 403]);
});

test("the pages of a public URL are the server's own, whatever host a proxy asks for", async () => {
  await using server = await startTestServer({ jobs, ...keys, port: null, publicUrl: "http://acme.example/beckon" });
  const post = (path: string, headers: Readonly<Record<string, string>>, body: string | null = null) =>
    server.fetch(new Request(`http://10.0.0.5:3000${path}`, { method: "POST", headers, body }));
  const signedIn = await post("/session", { "content-type": "application/json" }, '{"key":"full-key"}');
  const cookie = signedIn.headers.get("set-cookie") ?? "";
  const pause = async (origin: string): Promise<number> =>
    (await post("/api/v1/jobs/greet/pause", { cookie, origin, host: "10.0.0.5:3000" })).status;
  expect(await pause("http://acme.example")).toBe(200);
  expect(await pause("http://acme.example:8080")).toBe(403);
});

test("a wrong key is refused in a sentence, and a cookie of one's own making is worth nothing", async () => {
  await using server = await startTestServer({ jobs, ...keys });
  const { status, body } = await call(`${server.url}/session`, { body: { key: "guess" } });
  expect(status).toBe(401);
  expect(body).toMatchObject({ error: { code: "NOT_ALLOWED" } });
  const [name = ""] = (await signIn(server.url, "full-key")).split("=");
  const cookie = `${name}=full.99999999999999.${"A".repeat(43)}=`;
  expect((await call(`${server.url}/api/v1/jobs`, { headers: { cookie } })).status).toBe(401);
});

test("a session counts where a proxy passes on its own sign-in, and not beside a bearer", async () => {
  await using server = await startTestServer({ jobs, ...keys });
  const cookie = await signIn(server.url, "full-key");
  const read = async (headers: Readonly<Record<string, string>>): Promise<number> =>
    (await call(`${server.url}/api/v1/jobs`, { headers })).status;
  const basic = `Basic ${btoa("ada:secret")}`;
  expect(await read({ cookie, authorization: basic })).toBe(200);
  expect(await read({ authorization: basic })).toBe(401);
  expect(await read({ cookie, authorization: "Bearer guess" })).toBe(401);
  expect(await read({ cookie, authorization: "bearer guess" })).toBe(401);
});

test("the read key looks at everything and changes nothing, as a session and as a bearer", async () => {
  await using server = await startTestServer({ jobs, ...keys });
  const cookie = await signIn(server.url, "read-key");
  for (const headers of [{ cookie }, { authorization: "Bearer read-key" }]) {
    expect((await call(`${server.url}/api/v1/jobs`, { headers })).status).toBe(200);
    expect((await call(`${server.url}/trpc/catalog.list`, { headers })).status).toBe(200);
    const invoked = await call(`${server.url}/api/v1/jobs/greet/invoke`, {
      body: { payload: { name: "Ada" } },
      headers,
    });
    expect(invoked).toMatchObject({ status: 403, body: { error: { code: "NOT_ALLOWED" } } });
  }
});

test("a session ends by itself, and signing out ends it at once", async () => {
  const clock = createManualClock();
  await using server = await startTestServer({ jobs, ...keys, clock });
  const cookie = await signIn(server.url, "full-key");
  const read = async () => (await call(`${server.url}/session`, { headers: { cookie } })).body;
  expect(await read()).toEqual({ isRequired: true, role: "full" });
  await clock.advance(12 * 3_600_000);
  expect(await read()).toEqual({ isRequired: true, role: null });
  const { headers } = await call(`${server.url}/session`, { method: "DELETE", headers: { cookie } });
  expect(headers.get("set-cookie")).toMatch(/beckon_session_[0-9a-f]{8}=;.*Max-Age=0/);
});

test("what the cookie is called is told only to whoever has it, as it is made from the keys", async () => {
  await using server = await startTestServer({ jobs, ...keys });
  const { status, headers } = await call(`${server.url}/session`, { method: "DELETE" });
  expect([status, headers.get("set-cookie")]).toEqual([200, null]);
});

test("of two servers at one host each keeps its session, though browsers send the cookies of both to both", async () => {
  await using one = await startTestServer({ jobs, ...keys });
  await using other = await startTestServer({ jobs, apiKey: "other-key" });
  const jar = new Map<string, string>();
  const keep = (told: string): void => {
    const [pair = ""] = told.split(";");
    jar.set(pair.slice(0, pair.indexOf("=")), pair);
  };
  const cookies = () => ({ cookie: [...jar.values()].join("; ") });
  const read = async (url: string) => (await call(`${url}/session`, { headers: cookies() })).body;
  keep(await signIn(one.url, "full-key"));
  keep(await signIn(other.url, "other-key"));
  expect(await read(one.url)).toEqual({ isRequired: true, role: "full" });
  expect(await read(other.url)).toEqual({ isRequired: true, role: "full" });
  const { headers } = await call(`${one.url}/session`, { method: "DELETE", headers: cookies() });
  keep(headers.get("set-cookie") ?? "");
  expect(await read(one.url)).toEqual({ isRequired: true, role: null });
  expect(await read(other.url)).toEqual({ isRequired: true, role: "full" });
});

test("a read key without a full one, or the same as it, is refused", async () => {
  await expect(createServer({ jobs, readApiKey: "r" })).rejects.toThrow('Option "readApiKey"');
  await expect(createServer({ jobs, apiKey: "same", readApiKey: "same" })).rejects.toThrow('Option "readApiKey"');
});

test("without a key nobody signs in", async () => {
  await using server = await startTestServer({ jobs });
  expect((await call(`${server.url}/session`)).body).toEqual({ isRequired: false, role: "full" });
});
