import { createJobsClient, httpTransport } from "@beckon/client";
import { BeckonClient, invokeTrigger } from "@beckon/core";
import { bindJob } from "@beckon/core/runtime";
import { startTestServer } from "@beckon/server/testing";
import { expect, test } from "vitest";

const client = new BeckonClient({ id: "tests" });
const echo = client.defineJob({
  id: "echo",
  name: "Echo",
  version: "1.0.0",
  trigger: invokeTrigger(),
  run: async (payload) => payload,
});
const sleeper = client.defineJob({
  id: "sleeper",
  name: "Sleeper",
  version: "1.0.0",
  trigger: invokeTrigger(),
  run: async (_payload, io) => {
    io.logger.info("before");
    const heard = await io.waitForSignal("wake", "wake-up");
    io.logger.info("after");
    return heard;
  },
});
const jobs = { echo, sleeper };

/** The server gets the request and does what it says; the first answer is lost on its way back. */
function losingTheFirstAnswer(onLost: () => void | Promise<void> = () => undefined): typeof fetch {
  let isFirst = true;
  return async (input, init) => {
    const response = await fetch(input, init);
    if (!isFirst) return response;
    isFirst = false;
    await onLost();
    throw new TypeError("fetch failed", { cause: new Error("read ECONNRESET") });
  };
}

test("B17 a client whose answer was lost asks again and is given the same run", async () => {
  await using server = await startTestServer({ jobs });
  const { url } = server;
  const typed = createJobsClient<typeof jobs>({ url, fetch: losingTheFirstAnswer() });
  const remote = bindJob(echo, httpTransport({ url, fetch: losingTheFirstAnswer() }));
  expect(await (await typed.echo.invoke(1)).output()).toBe(1);
  expect(await (await remote.invoke(2)).output()).toBe(2);
  const batch = createJobsClient<typeof jobs>({ url, fetch: losingTheFirstAnswer() });
  expect(await batch.echo.batchInvoke([{ payload: 3 }, { payload: 4 }])).toHaveLength(2);
  const awaiting = createJobsClient<typeof jobs>({ url, fetch: losingTheFirstAnswer() });
  expect(await awaiting.echo.invokeAndWait(5)).toMatchObject({ ok: true, output: 5 });
  const far = bindJob(echo, httpTransport({ url, fetch: losingTheFirstAnswer() }));
  expect(await far.invokeAndWait(6)).toMatchObject({ ok: true, output: 6 });
  expect((await server.engine.listRuns({ job: "echo" })).runs).toHaveLength(6);
});

test("B17 a client whose answer was lost with the server is given the same run by the next one", async () => {
  await using servers = new AsyncDisposableStack();
  let server = servers.use(await startTestServer({ jobs }));
  const { url, database } = server;
  const restart = async (): Promise<void> => {
    await server.stop({ timeout: 0 });
    server = servers.use(await startTestServer({ jobs, port: Number(new URL(url).port), database }));
  };
  const typed = createJobsClient<typeof jobs>({ url, fetch: losingTheFirstAnswer(restart) });
  expect(await (await typed.echo.invoke(1)).output()).toBe(1);
  const batch = createJobsClient<typeof jobs>({ url, fetch: losingTheFirstAnswer(restart) });
  expect(await batch.echo.batchInvoke([{ payload: 2 }, { payload: 3 }])).toHaveLength(2);
  const awaiting = createJobsClient<typeof jobs>({ url, fetch: losingTheFirstAnswer(restart) });
  expect(await awaiting.echo.invokeAndWait(4)).toMatchObject({ ok: true, output: 4 });
  expect((await server.engine.listRuns({ job: "echo" })).runs).toHaveLength(4);
});

test("B47 a client hears every event once and in order, across a dropped connection and a restart of the server", async () => {
  await using first = await startTestServer({ jobs });
  const { port } = new URL(first.url);
  const run = await createJobsClient<typeof jobs>({ url: first.url }).sleeper.invoke(null);
  const dropped = new AbortController();
  const fetchDropping: typeof fetch = (input, init) => {
    const { pathname } = new URL(input instanceof Request ? input.url : input);
    const isDropped = pathname.includes("events") && !dropped.signal.aborted;
    return fetch(input, isDropped ? { ...init, signal: dropped.signal } : init);
  };
  const watching = createJobsClient<typeof jobs>({ url: first.url, fetch: fetchDropping }).sleeper.run(run.id);
  let restarted: Promise<Awaited<ReturnType<typeof startTestServer>>> | undefined;
  const restart = async () => {
    await first.stop();
    const second = await startTestServer({ jobs, port: Number(port), database: first.database });
    await second.router.createCaller({}).runs.sendSignal({ name: "wake-up", payload: "hello" });
    return second;
  };
  const seen: number[] = [];
  for await (const event of watching.events()) {
    seen.push(event.seq);
    if (event.seq === 2) dropped.abort();
    if (event.type === "status" && event.status === "WAITING") restarted ??= restart();
  }
  await using second = await restarted;
  const { runs } = (await second?.engine.listRuns({})) ?? { runs: [] };
  expect(runs).toMatchObject([{ id: run.id, status: "SUCCESS" }]);
  expect(seen).toEqual(seen.map((_, index) => index + 1));
  expect(seen.length).toBeGreaterThan(6);
});
