import { WaitTimeoutError } from "@beckon/core";
import { OperationError, UnavailableError } from "@beckon/core/runtime";
import { expect, onTestFinished, test, vi } from "vitest";
import { remote, typed } from "./greet.ts";
import { quickTime } from "./quick-time.ts";
import { hangUp, json, page, type ReceivedRequest, refusal, result, startScriptedServer } from "./scripted-server.ts";

const ended = { ok: true, status: "SUCCESS", id: "run_1", output: "Hello" } as const;
const pending = { id: "run_1", pending: true } as const;

const pathsOf = (requests: readonly ReceivedRequest[]): readonly string[] => requests.map(({ path }) => path);

test("a quick run and its result are one request", async () => {
  await using server = await startScriptedServer(() => result(ended));
  expect(await typed(server).invokeAndWait("Ada", { tags: ["a"] })).toEqual(ended);
  expect(server.requests).toMatchObject([
    {
      method: "POST",
      path: "/trpc/jobs.greet.invokeAndWait",
      input: { payload: "Ada", options: { tags: ["a"] }, requestId: expect.any(String), timeoutMs: 1_000 },
    },
  ]);
});

test("calls of one tick do not wait for each other", async () => {
  await using server = await startScriptedServer(() => result(ended));
  const calls = typed(server);
  await Promise.all([calls.invokeAndWait("Ada"), calls.invokeAndWait("Bob"), calls.invoke("Eve")]);
  expect(pathsOf(server.requests).toSorted()).toEqual([
    "/trpc/jobs.greet.invoke",
    "/trpc/jobs.greet.invokeAndWait",
    "/trpc/jobs.greet.invokeAndWait",
  ]);
});

test("a longer run is waited for by its id, over a server that is away", async () => {
  await using server = await startScriptedServer(
    () => result(pending),
    () => hangUp,
    () => result({ pending: true }),
    () => result(ended),
  );
  expect(await typed(server).invokeAndWait("Ada")).toEqual(ended);
  const asked = "/trpc/jobs.greet.result";
  expect(pathsOf(server.requests)).toEqual(["/trpc/jobs.greet.invokeAndWait", asked, asked, asked]);
  expect(server.requests[1]?.input).toEqual({ id: "run_1", timeoutMs: 25_000 });
});

const MADE_BY_ID = ["/trpc/jobs.greet.invokeAndWait", "/trpc/jobs.greet.invoke", "/trpc/jobs.greet.result"];

test("a run of which there was no answer is made again by the same request id, and waited for by its own", async () => {
  await using server = await startScriptedServer(
    () => hangUp,
    () => result({ id: "run_1" }),
    () => result(ended),
  );
  expect(await typed(server).invokeAndWait("Ada", { tags: ["a"] })).toEqual(ended);
  expect(pathsOf(server.requests)).toEqual(MADE_BY_ID);
  const [held, made] = server.requests.map(({ input }) => input as { readonly requestId: string });
  expect(made).toEqual({ payload: "Ada", options: { tags: ["a"] }, requestId: held?.requestId });
});

test("a server that dies while it holds a call is outlived, as it is by a wait", async () => {
  quickTime();
  await using server = await startScriptedServer(
    () => hangUp,
    ...Array.from({ length: 6 }, () => () => page(502, { "retry-after": "0" })),
    () => result({ id: "run_1" }),
    () => result(ended),
  );
  expect(await typed(server).invokeAndWait("Ada")).toEqual(ended);
  expect(server.requests).toHaveLength(9);
});

test("a timeout holds while a server is away that died while it held the call", async () => {
  await using server = await startScriptedServer(() => hangUp);
  await expect(typed(server).invokeAndWait("Ada", { timeout: "1100ms" })).rejects.toThrow(UnavailableError);
});

test("a server that says that it is away is asked four times more", async () => {
  quickTime();
  await using server = await startScriptedServer(() => page(503, { "retry-after": "0" }));
  await expect(typed(server).invokeAndWait("Ada")).rejects.toThrow(UnavailableError);
  expect(server.requests).toHaveLength(5);
});

test("it gives up where nobody is at the address", async () => {
  const { url } = await stopped();
  await expect(typed({ url }).invokeAndWait("Ada")).rejects.toThrow(/could not be reached: connect ECONNREFUSED/);
});

test("what the server refuses is not asked again", async () => {
  await using server = await startScriptedServer(() => refusal(409, { code: "RUN_STATE", message: "no" }));
  await expect(typed(server).invokeAndWait("Ada")).rejects.toThrow(OperationError);
  expect(server.requests).toHaveLength(1);
});

test("an older server, which knows no such procedure, is asked for the run and for its result", async () => {
  await using server = await startScriptedServer(
    () => refusal(404, null),
    () => result({ id: "run_1" }),
    () => result(ended),
  );
  expect(await typed(server).invokeAndWait("Ada")).toEqual(ended);
  expect(pathsOf(server.requests)).toEqual(MADE_BY_ID);
});

/** A reply that takes some time by the clock, which the test holds. */
function after(ms: number, value: unknown): () => ReturnType<typeof result> {
  return () => {
    vi.setSystemTime(Date.now() + ms);
    return result(value);
  };
}

test("a timeout counts what was waited, and no more", async () => {
  vi.useFakeTimers({ toFake: ["Date"] });
  onTestFinished(() => void vi.useRealTimers());
  await using server = await startScriptedServer(
    after(400, pending),
    after(600, { pending: true }),
    after(20, { pending: true }),
  );
  await expect(typed(server).invokeAndWait("Ada", { timeout: "1020ms" })).rejects.toThrow(
    new WaitTimeoutError("Run run_1 did not end within 1020 ms; it goes on."),
  );
  const asked = server.requests.map(({ input }) => (input as { readonly timeoutMs: number }).timeoutMs);
  expect(asked).toEqual([1_000, 620, 20]);
});

test("a timeout of less than that asks by the run's id at once", async () => {
  await using server = await startScriptedServer(({ path }) =>
    result(path.endsWith("invoke") ? { id: "run_1" } : { pending: true }),
  );
  await expect(typed(server).invokeAndWait("Ada", { timeout: "20ms" })).rejects.toThrow(WaitTimeoutError);
  expect(pathsOf(server.requests).slice(0, 2)).toEqual(["/trpc/jobs.greet.invoke", "/trpc/jobs.greet.result"]);
});

test("a job's own handle prefers to wait, and is given a failure as it is", async () => {
  const failed = { ok: false, status: "FAILURE", id: "run_1", error: { code: "UNCAUGHT", message: "no" } };
  await using server = await startScriptedServer(() => plain(200, failed));
  expect(await remote(server).invokeAndWait("Ada")).toEqual(failed);
  expect(server.requests).toMatchObject([
    { method: "POST", path: "/api/v1/jobs/greet/invoke", headers: { prefer: "wait=1" }, input: { payload: "Ada" } },
  ]);
});

test("a job's own handle asks by the id where the answer is only that", async () => {
  await using server = await startScriptedServer(
    () => plain(202, { id: "run_1" }),
    () => result(ended),
  );
  expect(await remote(server).invokeAndWait("Ada")).toEqual(ended);
  expect(pathsOf(server.requests)).toEqual(["/api/v1/jobs/greet/invoke", "/trpc/runs.result"]);
});

test("what the caller changes after the call is no part of it where the run is made again", async () => {
  for (const handleOf of [typed, remote]) {
    await using server = await startScriptedServer(
      () => hangUp,
      ({ path }) => (path.startsWith("/api") ? plain(202, { id: "run_1" }) : result({ id: "run_1" })),
      () => result(ended),
    );
    const context = { at: new Date(0) };
    const waited = handleOf(server).invokeAndWait("Ada", { context });
    context.at = new Date(1);
    await waited;
    const sent = { payload: "Ada", options: { context: { at: new Date(0) } } };
    expect(server.requests.slice(0, 2)).toMatchObject([{ input: sent }, { input: sent }]);
  }
});

/** What REST answers to who keeps types. */
function plain(status: number, value: object) {
  return json(status, { json: value });
}

/** Of a server that was there. */
async function stopped(): Promise<{ readonly url: string }> {
  await using server = await startScriptedServer(() => hangUp);
  return { url: server.url };
}
