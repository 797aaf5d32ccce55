import { BeckonClient, invokeTrigger } from "@beckon/core";
import { UnavailableError } from "@beckon/core/runtime";
import { expect, test } from "vitest";
import { z } from "zod";
import { call } from "./testing/call.ts";
import { startTestServer } from "./testing/index.ts";
import { defineTestJobs } from "./testing/test-jobs.ts";

const client = new BeckonClient({ id: "tests" });

/** A server that drains because a step of a run goes on until it is told to finish. */
async function startDraining() {
  const [started, finish] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
  let steps = 0;
  const child = client.defineJob({
    id: "child",
    name: "Child",
    version: "1.0.0",
    trigger: invokeTrigger(),
    run: async () => 1,
  });
  const slow = client.defineJob({
    id: "slow",
    name: "Slow",
    version: "1.0.0",
    trigger: invokeTrigger(),
    run: async (_payload, io) => {
      await io.runTask("wait", async () => {
        steps += 1;
        started.resolve();
        await finish.promise;
      });
      return (await child.invoke({})).id;
    },
  });
  const exports = { slow, child };
  const server = await startTestServer({ jobs: exports });
  const run = await server.jobs.slow.invoke({});
  await started.promise;
  return { ...server, slow, exports, stepCount: () => steps, run, finish: finish.resolve, stopped: server.stop() };
}

test("a server that drains takes no new runs at any door, says when to come back, and goes on to show runs", async () => {
  await using server = await startDraining();
  await expect(server.slow.invoke({})).rejects.toThrow(UnavailableError);
  await expect(server.jobs.slow.invoke({})).rejects.toThrow("The server is stopping and takes no new runs");
  const rest = await call(`${server.url}/api/v1/jobs/slow/invoke`, { body: {} });
  expect(rest).toMatchObject({ status: 503, body: { error: { code: "UNAVAILABLE" } } });
  expect(rest.headers.get("retry-after")).toBe("1");
  const trpc = await call(`${server.url}/trpc/jobs.slow.invoke`, { body: { json: {} } });
  expect(trpc).toMatchObject({ status: 503, body: { error: { json: { data: { code: "SERVICE_UNAVAILABLE" } } } } });
  expect(trpc.headers.get("retry-after")).toBe("1");
  expect((await call(`${server.url}/api/v1/runs/${server.run.id}/replay`, { method: "POST" })).status).toBe(503);
  expect((await call(`${server.url}/readyz`)).body).toMatchObject({ status: "not-ready", isDraining: true });
  expect((await call(`${server.url}/api/v1/runs/${server.run.id}`)).body).toMatchObject({ status: "EXECUTING" });
  server.finish();
  await server.stopped;
});

test("B43 the step that runs finishes, who waits for the result is answered, and the next server goes on behind the step", async () => {
  await using server = await startDraining();
  const result = call(`${server.url}/api/v1/runs/${server.run.id}/result`);
  server.finish();
  await server.stopped;
  expect((await result).status).toBeLessThan(300);
  await using next = await startTestServer({ jobs: server.exports, database: server.database });
  const childId = await next.jobs.slow.run(server.run.id).output();
  expect(await next.jobs.child.run(childId).output()).toBe(1);
  expect(server.stepCount()).toBe(1);
  expect(await next.engine.readRun(server.run.id)).toMatchObject({ status: "SUCCESS", attempt: 1 });
});

test("who waits for a run in the server's own process hears that it has stopped", async () => {
  const { sleeper } = defineTestJobs(z);
  await using server = await startTestServer({ jobs: { sleeper } });
  const run = await server.jobs.sleeper.invoke({});
  const read = async () => {
    for await (const event of run.events()) void event;
  };
  const awaited = server.jobs.sleeper.invokeAndWait({});
  const waiting = Promise.allSettled([run.result(), read(), run.result({ timeout: "1h" }), awaited]);
  await expect.poll(async () => (await server.engine.listRuns({ status: "WAITING" })).runs.length).toBe(2);
  await server.stop();
  const stopped = { status: "rejected", reason: expect.any(UnavailableError) };
  expect(await waiting).toEqual([stopped, stopped, stopped, stopped]);
  await expect(run.result()).rejects.toThrow("The server has stopped: runs go on");
  await expect(read()).rejects.toThrow(UnavailableError);
});

/** Reads to the end, and is never told that there is no more of a run. */
async function readAll(events: AsyncIterable<unknown>): Promise<void> {
  for await (const event of events) expect(event).not.toMatchObject({ event: null });
}

test("who follows runs by the router hears that the server has stopped, not that they have ended", async () => {
  const { sleeper } = defineTestJobs(z);
  await using server = await startTestServer({ jobs: { sleeper } });
  const { id } = await server.jobs.sleeper.invoke({});
  await expect.poll(async () => (await server.engine.readRun(id)).status).toBe("WAITING");
  const { runs } = server.router.createCaller({});
  const ways = await Promise.all([
    runs.events({ id }),
    runs.follow({ runs: [{ id, after: 0 }] }),
    runs.follow({ runs: [{ id }] }),
  ]);
  const following = Promise.allSettled(ways.map(readAll));
  await server.stop();
  const stopped = { status: "rejected", reason: { code: "SERVICE_UNAVAILABLE", cause: expect.any(UnavailableError) } };
  expect(await following).toMatchObject([stopped, stopped, stopped]);
});

test("who makes a run and waits for it is told which it is, though the server stops meanwhile", async () => {
  const { sleeper } = defineTestJobs(z);
  await using server = await startTestServer({ jobs: { sleeper } });
  const prefer = { prefer: "wait=20" };
  const answer = call(`${server.url}/api/v1/jobs/sleeper/invoke`, { body: { payload: {} }, headers: prefer });
  const listed = () => server.engine.listRuns({ status: "WAITING" });
  await expect.poll(async () => (await listed()).runs.length).toBe(1);
  const [run] = (await listed()).runs;
  await server.stop();
  expect(await answer).toMatchObject({ status: 202, body: { id: run?.id, pending: true } });
});

test("events that were asked for until a moment end quietly, also while the server stops", async () => {
  const { sleeper } = defineTestJobs(z);
  await using server = await startTestServer({ jobs: { sleeper } });
  const run = await server.jobs.sleeper.invoke({});
  const enough = new AbortController();
  const statuses: string[] = [];
  for await (const event of run.events({ signal: enough.signal })) {
    if (event.type !== "status") continue;
    statuses.push(event.status);
    if (event.status === "WAITING") enough.abort();
  }
  expect(statuses).toEqual(["QUEUED", "EXECUTING", "WAITING"]);
});

test("a server that is mounted in a host and has stopped says at every door that it is away, and when to come back", async () => {
  const { sleeper } = defineTestJobs(z);
  const unforeseen: unknown[] = [];
  const options = {
    jobs: { sleeper },
    port: null,
    publicUrl: "http://localhost",
    onError: (e: unknown) => unforeseen.push(e),
  };
  await using server = await startTestServer(options);
  const run = await server.jobs.sleeper.invoke({});
  const waiting = server.fetch(new Request(`http://localhost/api/v1/runs/${run.id}/result`));
  await server.stop();
  expect((await waiting).status).toBe(202);
  const input = encodeURIComponent(JSON.stringify({ json: { id: run.id } }));
  const paths = [
    `/api/v1/runs/${run.id}`,
    `/api/v1/runs/${run.id}/result`,
    `/api/v1/runs/${run.id}/events`,
    "/api/v1/jobs",
    "/metrics",
    `/trpc/runs.get?input=${input}`,
    `/trpc/jobs.sleeper.result?input=${input}`,
  ];
  for (const path of paths) {
    const { status, headers } = await server.fetch(new Request(`http://localhost${path}`));
    expect({ path, status, after: headers.get("retry-after") }).toEqual({ path, status: 503, after: "1" });
  }
  const posted = new Request("http://localhost/api/v1/requests/token", { method: "POST" });
  expect((await server.fetch(posted)).status).toBe(503);
  await expect(run.cancel()).rejects.toThrow(UnavailableError);
  await expect(run.explain()).rejects.toThrow("The server has stopped");
  expect(unforeseen).toEqual([]);
});
