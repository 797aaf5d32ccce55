import { createJobsClient, httpTransport, RequestError } from "@beckon/client";
import { BeckonClient, invokeTrigger } from "@beckon/core";
import { bindJob, NotAllowedError, NotFoundError, UnavailableError } from "@beckon/core/runtime";
import { expect, test } from "vitest";
import { quickTime } from "./quick-time.ts";
import { hangUp, json, page, refusal, result, startScriptedServer } from "./scripted-server.ts";

const echo = new BeckonClient({ id: "tests" }).defineJob({
  id: "echo",
  name: "Echo",
  version: "1.0.0",
  trigger: invokeTrigger(),
  run: async (payload) => payload,
});

const clientOf = (url: string) => createJobsClient<{ readonly greet: { readonly "~types": never } }>({ url });

/** Calls without the types of a job: what is sent again, and when, does not depend on them. */
interface UntypedCalls {
  invoke(payload: unknown): Promise<{ readonly id: string }>;
  batchInvoke(items: readonly { readonly payload: unknown }[]): Promise<readonly { readonly id: string }[]>;
}

function greetOf(url: string): UntypedCalls {
  return clientOf(url).greet as unknown as UntypedCalls;
}

function caught(call: Promise<unknown>): Promise<unknown> {
  return call.then(
    () => "nothing was thrown",
    (error: unknown) => error,
  );
}

test("B17 an invocation whose answer is lost is sent again with the same request id", async () => {
  await using server = await startScriptedServer(
    () => hangUp,
    () => page(502),
    () => result({ id: "run_1" }),
  );
  const run = await greetOf(server.url).invoke({ name: "Ada" });
  expect(run.id).toBe("run_1");
  const inputs = server.requests.map(({ input }) => input as { requestId: string });
  expect(inputs).toEqual([
    { payload: { name: "Ada" }, options: {}, requestId: expect.stringMatching(/^\d+(-\d+){3}$/) },
    inputs[0],
    inputs[0],
  ]);
});

test("B17 so is a batch; another invocation has another request id", async () => {
  await using server = await startScriptedServer(
    () => hangUp,
    () => result({ ids: ["run_1"] }),
  );
  await greetOf(server.url).batchInvoke([{ payload: 1 }]);
  await greetOf(server.url).batchInvoke([{ payload: 1 }]);
  const [first, second, third] = server.requests.map(({ input }) => (input as { requestId: string }).requestId);
  expect(second).toBe(first);
  expect(third).not.toBe(first);
});

test("a mutation without a request id is not sent again when its answer is lost", async () => {
  await using server = await startScriptedServer(() => hangUp);
  const error = await caught(clientOf(server.url).runs.retry({ id: "run_1" }));
  expect(error).toBeInstanceOf(UnavailableError);
  expect(String(error)).toMatch(
    /^UnavailableError: The server at http:\/\/127\.0\.0\.1:\d+ could not be reached: socket hang up\.$/,
  );
  expect(server.requests).toHaveLength(1);
});

test("a server that says it did nothing and to come again is asked again, also for that", async () => {
  const draining = refusal(503, { code: "UNAVAILABLE", message: "The server is stopping." }, { "retry-after": "0" });
  await using server = await startScriptedServer(
    () => draining,
    () => result({ id: "run_1" }),
  );
  expect(await clientOf(server.url).runs.retry({ id: "run_1" })).toEqual({ id: "run_1" });
  expect(server.requests).toHaveLength(2);
});

test("Retry-After is honored", async () => {
  await using server = await startScriptedServer(
    () => page(503, { "retry-after": "1" }),
    () => result(5),
  );
  const startedAt = Date.now();
  await clientOf(server.url).runs.get({ id: "run_1" });
  expect(Date.now() - startedAt).toBeGreaterThanOrEqual(990);
});

test.each(["0", "-1", "1.5", "Thu, 01 Jan 1970 00:00:00 GMT", "soon"])(
  "a server that asks to come again by %j is given the time that one which asks for none is",
  async (retryAfter) => {
    quickTime();
    await using server = await startScriptedServer(() => page(503, { "retry-after": retryAfter }));
    const startedAt = Date.now();
    await caught(clientOf(server.url).runs.get({ id: "run_1" }));
    expect(Date.now() - startedAt).toBeGreaterThan(2_100);
  },
);

test("it gives up after four attempts and says what the last one was told", async () => {
  quickTime();
  await using server = await startScriptedServer(() =>
    refusal(503, { code: "UNAVAILABLE", message: "The disk is full." }, { "retry-after": "0" }),
  );
  const error = await caught(clientOf(server.url).runs.get({ id: "run_1" }));
  expect(error).toBeInstanceOf(UnavailableError);
  expect(error).toMatchObject({ message: "The disk is full.", code: "UNAVAILABLE" });
  expect(server.requests).toHaveLength(4);
});

test("what the server refuses is not sent again, and is the same error that the server threw", async () => {
  const wire = {
    code: "INVALID_PAYLOAD",
    message: "bad",
    jobId: "greet",
    issues: [{ path: ["name"], message: "no" }],
    index: 3,
  };
  await using server = await startScriptedServer(() => refusal(400, wire));
  const error = await caught(greetOf(server.url).invoke({}));
  expect(error).toMatchObject({ ...wire, name: "InvalidPayloadError" });
  expect(server.requests).toHaveLength(1);
});

test("a refusal that is not Beckon's own is told by its status", async () => {
  await using server = await startScriptedServer(
    () => refusal(401, null),
    () => refusal(403, null),
    () => refusal(404, null),
    () => refusal(413, null),
    () =>
      json(500, {
        error: { json: { message: "odd", data: { httpStatus: 500, beckon: { code: "NEWER", message: "x" } } } },
      }),
  );
  const { runs } = clientOf(server.url);
  const errors = [];
  for (let count = 0; count < 5; count += 1) errors.push(await caught(runs.get({ id: "run_1" })));
  expect(errors.map((error) => (error as Error).constructor)).toEqual([
    NotAllowedError,
    NotAllowedError,
    NotFoundError,
    RequestError,
    RequestError,
  ]);
  expect(errors[3]).toMatchObject({ code: "REQUEST_FAILED", status: 413, message: "It was refused." });
});

test("an answer that is no JSON is told as what it is", async () => {
  await using server = await startScriptedServer(() => page(200));
  expect(String(await caught(clientOf(server.url).runs.get({ id: "run_1" })))).toMatch(
    /The server at http:\S+ answered with HTTP 200 and text\/html, not JSON: check that its url is that of a Beckon server\./,
  );
});

test("a refusal from before the procedures, and JSON of something else, are told as what they are", async () => {
  await using server = await startScriptedServer(
    () =>
      json(403, { error: { code: "NOT_ALLOWED", message: "Pages of http://other.test may not call this server." } }),
    () => json(200, { hello: "world" }),
    () => json(200, null),
  );
  const { runs } = clientOf(server.url);
  const errors = [];
  for (let count = 0; count < 3; count += 1) errors.push(await caught(runs.get({ id: "run_1" })));
  expect(errors[0]).toBeInstanceOf(NotAllowedError);
  expect(errors.map((error) => (error as Error).message)).toEqual([
    "Pages of http://other.test may not call this server.",
    "The answer is not that of a Beckon server: check its url.",
    "The answer is not that of a Beckon server: check its url.",
  ]);
});

test("B17 a gateway that answers in JSON for a server that is away has lost the answer, too", async () => {
  await using server = await startScriptedServer(
    () => json(502, { message: "upstream connect error" }),
    () => json(202, { json: { id: "run_1" } }),
  );
  const run = await bindJob(echo, httpTransport({ url: server.url })).invoke(1);
  expect(run.id).toBe("run_1");
  const [first, second] = server.requests.map(({ input }) => input as { requestId: string });
  expect(second).toEqual(first);
});

test("JSON of something else in place of an id is told as what it is", async () => {
  for (const body of [{ hello: "world" }, null, [], "text", { json: null }]) {
    await using server = await startScriptedServer(() => json(200, body));
    const error = await caught(bindJob(echo, httpTransport({ url: server.url })).invoke(1));
    expect(error).toBeInstanceOf(RequestError);
    expect(String(error)).toContain("The answer is not that of a Beckon server: check its url.");
  }
});

test("an answer that breaks off is a lost one", async () => {
  await using server = await startScriptedServer(
    () => (response) =>
      void response
        .writeHead(200, { "content-type": "application/json", "content-length": "100" })
        .write("{", () => response.destroy()),
    () => result(5),
  );
  expect(await clientOf(server.url).runs.get({ id: "run_1" })).toBe(5);
});

test("a name whose addresses all refuse is told with the reason of the first", async () => {
  const server = await startScriptedServer();
  await server[Symbol.asyncDispose]();
  const error = await caught(clientOf(server.url.replace("127.0.0.1", "localhost")).runs.retry({ id: "run_1" }));
  expect(String(error)).toMatch(/could not be reached: connect ECONNREFUSED [^ ]+:\d+\.$/);
});

test("what the caller changes after the call is no part of it, whichever attempt arrives", async () => {
  const calls: readonly ((url: string, payload: object) => Promise<unknown>)[] = [
    (url, payload) => greetOf(url).invoke(payload),
    (url, payload) => greetOf(url).batchInvoke([{ payload }]),
    (url, payload) => bindJob(echo, httpTransport({ url })).invoke(payload),
    (url, payload) => bindJob(echo, httpTransport({ url })).batchInvoke([{ payload }]),
    (url, payload) => clientOf(url).runs.sendSignal({ name: "paid", payload }),
  ];
  for (const call of calls) {
    await using server = await startScriptedServer(
      () => page(503),
      ({ path }) => (path.startsWith("/api") ? json(202, { json: MADE }) : result(MADE)),
    );
    const payload = { items: ["a"] };
    const made = call(server.url, payload);
    payload.items = [];
    await made;
    const [first, second] = server.requests.map(({ input }) => input);
    expect(JSON.stringify(first)).toContain('{"items":["a"]}');
    expect(second).toEqual(first);
  }
});

const MADE = { id: "run_1", ids: ["run_1"] };
