import { createJobsClient, httpTransport } from "@beckon/client";
import { BeckonClient, invokeTrigger, type Job, WaitTimeoutError } from "@beckon/core";
import { bindJob, OperationError, UnavailableError } from "@beckon/core/runtime";
import { expect, test } from "vitest";
import { hangUp, json, page, type ReceivedRequest, refusal, result, startScriptedServer } from "./scripted-server.ts";

interface Jobs {
  readonly greet: Job<string, string, string, never>;
}

const greet = new BeckonClient({ id: "tests" }).defineJob({
  id: "greet",
  name: "Greet",
  version: "1.0.0",
  trigger: invokeTrigger(),
  run: async (payload) => payload,
});

const typed = (url: string) => createJobsClient<Jobs>({ url }).greet;
const remote = (url: string) => bindJob(greet, httpTransport({ url }));

const ended = { ok: true, status: "SUCCESS", id: "run_1", output: "Hello" } as const;
const pending = { id: "run_1", pending: true } as const;

const pathsOf = (requests: readonly ReceivedRequest[]): readonly string[] => requests.map(({ path }) => path);

test("a quick run and its result are one request", async () => {
  await using server = await startScriptedServer(() => result(ended));
  expect(await typed(server.url).invokeAndWait("Ada", { tags: ["a"] })).toEqual(ended);
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
  const calls = typed(server.url);
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
  expect(await typed(server.url).invokeAndWait("Ada")).toEqual(ended);
  const asked = "/trpc/jobs.greet.result";
  expect(pathsOf(server.requests)).toEqual(["/trpc/jobs.greet.invokeAndWait", asked, asked, asked]);
  expect(server.requests[1]?.input).toEqual({ id: "run_1", timeoutMs: 25_000 });
});

test("a call whose answer was lost is made again with the same request id", async () => {
  await using server = await startScriptedServer(
    () => hangUp,
    () => page(503),
    () => result(ended),
  );
  expect(await typed(server.url).invokeAndWait("Ada")).toEqual(ended);
  const ids = server.requests.map(({ input }) => (input as { readonly requestId: string }).requestId);
  expect(ids).toHaveLength(3);
  expect(new Set(ids).size).toBe(1);
});

test("it gives up where the server is not there at all, and at once where it refuses", async () => {
  await using away = await startScriptedServer(() => hangUp);
  await expect(typed(away.url).invokeAndWait("Ada")).rejects.toThrow(UnavailableError);
  expect(away.requests).toHaveLength(4);
  await using refusing = await startScriptedServer(() => refusal(404, { code: "NOT_FOUND", message: "no such job" }));
  await expect(typed(refusing.url).invokeAndWait("Ada")).rejects.toThrow(OperationError);
  expect(refusing.requests).toHaveLength(1);
});

test("a timeout counts the time that the first request was kept open for, and names itself whole", async () => {
  await using server = await startScriptedServer(
    () => result(pending),
    () => result({ pending: true }),
  );
  await expect(typed(server.url).invokeAndWait("Ada", { timeout: "1020ms" })).rejects.toThrow(
    new WaitTimeoutError("Run run_1 did not end within 1020 ms; it goes on."),
  );
  const [, asked] = server.requests.map(({ input }) => input as { readonly timeoutMs: number });
  expect(asked?.timeoutMs).toBeLessThanOrEqual(20);
});

test("a timeout of less than that asks by the run's id at once", async () => {
  await using server = await startScriptedServer(({ path }) =>
    result(path.endsWith("invoke") ? { id: "run_1" } : { pending: true }),
  );
  await expect(typed(server.url).invokeAndWait("Ada", { timeout: "20ms" })).rejects.toThrow(WaitTimeoutError);
  expect(pathsOf(server.requests).slice(0, 2)).toEqual(["/trpc/jobs.greet.invoke", "/trpc/jobs.greet.result"]);
});

test("a job's own handle prefers to wait, and is given a failure as it is", async () => {
  const failed = { ok: false, status: "FAILURE", id: "run_1", error: { code: "UNCAUGHT", message: "no" } };
  await using server = await startScriptedServer(() => plain(200, failed));
  expect(await remote(server.url).invokeAndWait("Ada")).toEqual(failed);
  expect(server.requests).toMatchObject([
    { method: "POST", path: "/api/v1/jobs/greet/invoke", headers: { prefer: "wait=1" }, input: { payload: "Ada" } },
  ]);
});

test("a job's own handle asks by the id where the answer is only that", async () => {
  await using server = await startScriptedServer(
    () => plain(202, { id: "run_1" }),
    () => result(ended),
  );
  expect(await remote(server.url).invokeAndWait("Ada")).toEqual(ended);
  expect(pathsOf(server.requests)).toEqual(["/api/v1/jobs/greet/invoke", "/trpc/runs.result"]);
});

/** What REST answers to who keeps types. */
function plain(status: number, value: object) {
  return json(status, { json: value });
}
