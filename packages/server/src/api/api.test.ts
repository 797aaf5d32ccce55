import { decode } from "@beckon/core/runtime";
import { openSqliteStore } from "@beckon/sqlite";
import { describe, expect, test } from "vitest";
import { z } from "zod";
import { call } from "../testing/call.ts";
import { startTestServer } from "../testing/index.ts";
import { defineTestJobs } from "../testing/test-jobs.ts";

const jobs = defineTestJobs(z);

const start = async () => {
  const server = await startTestServer({ jobs });
  const api = `${server.url}/api/v1`;
  const invoke = async (job: string, payload: unknown): Promise<string> => {
    const { body } = await call(`${api}/jobs/${job}/invoke`, { body: { payload } });
    return (body as { readonly id: string }).id;
  };
  return { ...server, api, invoke };
};

/** The run with what no answer shows, as another process reads it. */
async function readFromFile(path: string, runId: string): Promise<unknown> {
  const store = await openSqliteStore({ path });
  try {
    return await store.readRun(runId);
  } finally {
    await store.close();
  }
}

describe("over plain HTTP", () => {
  test("a job is invoked, and its result read as JSON", async () => {
    await using server = await start();
    const { status, body } = await call(`${server.api}/jobs/greet/invoke`, { body: { payload: { name: "Ada" } } });
    expect(status).toBe(202);
    const { id } = body as { id: string };
    const result = await call(`${server.api}/runs/${id}/result`);
    expect(result.status).toBe(200);
    expect(result.body).toMatchObject({ ok: true, output: { text: "Hello, Ada", at: "1970-01-01T00:00:00.000Z" } });
  });

  test("who prefers to wait is answered with the result, or with 202 when there is none in that time", async () => {
    await using server = await start();
    const invoke = (job: string, prefer: string, payload: unknown) =>
      call(`${server.api}/jobs/${job}/invoke`, { body: { payload }, headers: { prefer } });
    for (const prefer of ["wait=20", "respond-async, Wait = 20", 'wait="20"', "wait=99999"]) {
      const { status, body } = await invoke("greet", prefer, { name: "Ada" });
      expect(status).toBe(200);
      expect(body).toMatchObject({ ok: true, output: { text: "Hello, Ada", at: "1970-01-01T00:00:00.000Z" } });
    }
    const { status, body } = await invoke("sleeper", "wait=0", {});
    expect(status).toBe(202);
    expect(body).toEqual({ id: expect.stringMatching(/^run_/), pending: true });
    for (const prefer of ["wait=soon", "wait=-1", "await=20", "respond-async"]) {
      const plain = await invoke("greet", prefer, { name: "Ada" });
      expect(plain.status).toBe(202);
      expect(plain.body).toEqual({ id: expect.stringMatching(/^run_/) });
    }
    expect((await invoke("greet", "wait=20", { name: 1 })).status).toBe(400);
  });

  test("B11 what JSON can say comes back as itself", async () => {
    await using server = await start();
    for (const payload of [null, 0, false, "", [], {}, [null, [0]]]) {
      const id = await server.invoke("echo", payload);
      expect((await call(`${server.api}/runs/${id}/result`)).body).toMatchObject({ output: payload });
    }
  });

  test("B11 as superjson every value does", async () => {
    await using server = await start();
    const headers = { "content-type": "application/superjson+json", accept: "application/superjson+json" };
    const payload = {
      at: new Date(5),
      big: 7n,
      map: new Map([[1, new Set(["a"])]]),
      nothing: undefined,
      nan: Number.NaN,
    };
    const run = await server.jobs.echo.invoke(payload);
    const answer = await fetch(`${server.api}/runs/${run.id}/result`, { headers });
    expect(answer.headers.get("content-type")).toBe("application/superjson+json");
    expect(decode(await answer.text())).toMatchObject({ output: payload });
    const body = '{"json":{"payload":{"at":"1970-01-01T00:00:00.005Z"}},"meta":{"values":{"payload.at":["Date"]}}}';
    const { body: sent } = await call(`${server.api}/jobs/echo/invoke`, { body, headers });
    expect(await server.jobs.echo.run((sent as { json: { id: string } }).json.id).output()).toEqual({
      at: new Date(5),
    });
  });

  test("B15 every option that JSON can say reaches the run", async () => {
    await using server = await start();
    const options = {
      context: { a: 1 },
      accountId: "acc_1",
      tags: ["a", "b"],
      priority: 3,
      delay: "2099-01-01T00:00:00.000Z",
      callbackUrl: "https://example.com/done",
      concurrencyKey: "u1",
      isTest: true,
      ttl: "1h",
      maxDuration: "1m",
    };
    const headers = { "idempotency-key": "k1" };
    const { body } = await call(`${server.api}/jobs/greet/invoke`, {
      body: { payload: { name: "Ada" }, options },
      headers,
    });
    const { ttl: _ttl, maxDuration: _maxDuration, delay, ...shown } = options;
    const { id } = body as { id: string };
    const run = await server.engine.readRun(id);
    expect(run).toMatchObject({ ...shown, status: "DELAYED", startAt: new Date(delay), idempotencyKey: "k1" });
    expect(await readFromFile(server.database, id)).toMatchObject({ ttlMs: 3_600_000, maxDurationMs: 60_000 });
  });

  test("an Idempotency-Key gives the first run again, and another payload is a conflict", async () => {
    await using server = await start();
    const send = (name: string) =>
      call(`${server.api}/jobs/greet/invoke`, { body: { payload: { name } }, headers: { "idempotency-key": "k1" } });
    const first = await send("Ada");
    expect((await send("Ada")).body).toEqual(first.body);
    const conflict = await send("Bob");
    expect(conflict.status).toBe(409);
    expect(conflict.body).toMatchObject({
      error: { code: "IDEMPOTENCY_CONFLICT", runId: (first.body as { id: string }).id },
    });
  });

  test("B17 a request sent again with its request id makes no second run", async () => {
    await using server = await start();
    const body = { payload: { name: "Ada" }, requestId: "request-1" };
    const first = await call(`${server.api}/jobs/greet/invoke`, { body });
    expect(await call(`${server.api}/jobs/greet/invoke`, { body })).toMatchObject({ status: 202, body: first.body });
    expect((await server.engine.listRuns({})).runs).toHaveLength(1);
    const changed = { ...body, payload: { name: "Bob" } };
    expect(await call(`${server.api}/jobs/greet/invoke`, { body: changed })).toMatchObject({
      status: 409,
      body: { error: { code: "IDEMPOTENCY_CONFLICT" } },
    });
    expect((await server.engine.listRuns({})).runs).toHaveLength(1);
    // Of another job it is another request.
    const other = await call(`${server.api}/jobs/echo/invoke`, { body });
    expect(other.status).toBe(202);
    expect(other.body).not.toEqual(first.body);
  });

  test("B30 a batch makes all runs or none, and names the bad item", async () => {
    await using server = await start();
    const items = [{ payload: { name: "Ada" } }, { payload: { name: "Bob" }, options: { tags: ["b"] } }];
    const { status, body } = await call(`${server.api}/jobs/greet/batch`, { body: { items } });
    expect(status).toBe(202);
    expect((body as { ids: string[] }).ids).toHaveLength(2);
    const bad = await call(`${server.api}/jobs/greet/batch`, { body: { items: [...items, { payload: {} }] } });
    expect(bad).toMatchObject({ status: 400, body: { error: { code: "INVALID_PAYLOAD", index: 2 } } });
    const keyed = await call(`${server.api}/jobs/greet/batch`, {
      body: { items },
      headers: { "idempotency-key": "k" },
    });
    expect(keyed.status).toBe(400);
    expect((await server.engine.listRuns({})).runs).toHaveLength(2);
  });

  test("a declared error is data of the result", async () => {
    await using server = await start();
    const id = await server.invoke("charge", { amount: 500 });
    const { body } = await call(`${server.api}/runs/${id}/result`);
    expect(body).toMatchObject({
      ok: false,
      status: "FAILURE",
      error: { code: "CARD_DECLINED", data: { reason: "limit" } },
    });
  });

  test("runs are listed by filters, a page at a time", async () => {
    await using server = await start();
    const items = Array.from({ length: 5 }, (_, at) => ({
      payload: at,
      options: { tags: [at % 2 ? "odd" : "even"], delay: "1d" },
    }));
    await call(`${server.api}/jobs/echo/batch`, { body: { items } });
    const first = await call(
      `${server.api}/runs?job=echo&tag=even&status=DELAYED,QUEUED&isTest=false&limit=2&from=2020-01-01T00:00:00Z`,
    );
    const { runs, nextCursor } = first.body as { runs: { tags: string[] }[]; nextCursor: string };
    expect(runs.map(({ tags }) => tags)).toEqual([["even"], ["even"]]);
    const second = await call(`${server.api}/runs?job=echo&tag=even&cursor=${nextCursor}`);
    expect(second.body).toMatchObject({ runs: [{ tags: ["even"] }], nextCursor: null });
  });

  test("a run is read, explained, canceled, replayed and retried", async () => {
    await using server = await start();
    const id = await server.invoke("sleeper", null);
    expect((await call(`${server.api}/runs/${id}/explain`)).body).toMatchObject({ runId: id });
    expect((await call(`${server.api}/runs/${id}/result?timeoutMs=1`)).status).toBe(202);
    expect((await call(`${server.api}/runs/${id}/cancel`, { method: "POST" })).body).toEqual({ id });
    expect((await call(`${server.api}/runs/${id}/cancel`, { method: "POST" })).status).toBe(409);
    expect((await call(`${server.api}/runs/${id}`)).body).toMatchObject({ status: "CANCELED", job: { id: "sleeper" } });
    expect((await call(`${server.api}/runs/${id}/retry`, { method: "POST" })).body).toEqual({ id });
    const replayed = await call(`${server.api}/runs/${id}/replay`, { body: { payload: { other: true } } });
    expect(replayed.status).toBe(202);
    expect(await server.engine.readRun((replayed.body as { id: string }).id)).toMatchObject({
      payload: { other: true },
      replayOf: id,
    });
    for (const body of [{}, undefined]) {
      const unchanged = await call(`${server.api}/runs/${id}/replay`, { method: "POST", body });
      expect(await server.engine.readRun((unchanged.body as { id: string }).id)).toMatchObject({ payload: null });
    }
  });

  test("a run's steps and log are read", async () => {
    await using server = await start();
    const id = await server.invoke("greet", { name: "Ada" });
    await call(`${server.api}/runs/${id}/result`);
    expect((await call(`${server.api}/runs/${id}/tasks`)).body).toMatchObject([{ name: "text", output: "Hello, Ada" }]);
    expect((await call(`${server.api}/runs/${id}/logs?limit=5`)).body).toMatchObject([
      { message: "greeting", data: { name: "Ada" } },
    ]);
  });

  test("a signal wakes who waits for it", async () => {
    await using server = await start();
    const id = await server.invoke("sleeper", null);
    const { body } = await call(`${server.api}/signals`, { body: { name: "wake-up", payload: "hello" } });
    expect(body).toEqual({ outcome: expect.stringMatching(/delivered|kept/) });
    expect((await call(`${server.api}/runs/${id}/result`)).body).toMatchObject({ output: "hello" });
  });

  test("jobs are listed, described, paused and resumed", async () => {
    await using server = await start();
    expect((await call(`${server.api}/jobs`)).body).toHaveLength(Object.keys(jobs).length);
    expect((await call(`${server.api}/jobs/greet`)).body).toMatchObject({
      inputSchema: { properties: { name: { type: "string" } } },
      examples: [{ id: "ada" }],
    });
    expect((await call(`${server.api}/jobs/greet/pause`, { method: "POST" })).body).toEqual({ id: "greet" });
    expect((await call(`${server.api}/jobs/greet`)).body).toMatchObject({ isPaused: true });
    expect((await call(`${server.api}/jobs/greet/resume`, { method: "POST" })).status).toBe(200);
  });
});
