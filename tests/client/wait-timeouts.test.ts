import { expect, test } from "vitest";
import { loadPage, startFront } from "./browser-page.ts";
import { remote, typed } from "./greet.ts";
import { quickTime } from "./quick-time.ts";
import {
  eventText,
  page,
  result,
  results,
  type ScriptedServer,
  startScriptedServer,
  stream,
} from "./scripted-server.ts";

/* The timeout of a wait is the caller's: whatever the server does, the caller hears by then. */

const silent = () => () => undefined;
const ended = { ok: true, status: "SUCCESS", id: "run_1", output: "Hello" } as const;

/** How long it was until the call failed, and with what. */
async function failureOf(call: Promise<unknown>): Promise<{ readonly error: unknown; readonly ms: number }> {
  const begunAt = Date.now();
  const error: unknown = await call.then(
    () => "it did not fail",
    (thrown: unknown) => thrown,
  );
  return { error, ms: Date.now() - begunAt };
}

async function expectInTime(call: Promise<unknown>, timeoutMs: number, name: string): Promise<void> {
  const { error, ms } = await failureOf(call);
  expect(error).toMatchObject({ name });
  expect(ms).toBeGreaterThanOrEqual(timeoutMs);
  expect(ms).toBeLessThan(timeoutMs + 2_300);
}

const MADE: readonly (readonly [string, (server: ScriptedServer, timeout: number) => Promise<unknown>])[] = [
  ["the typed client", (server, timeout) => typed(server).invokeAndWait("Ada", { timeout })],
  ["a job's own handle", (server, timeout) => remote(server).invokeAndWait("Ada", { timeout })],
];

test.each(MADE)("a run that %s asks a silent server for is given up by the timeout", async (_who, call) => {
  quickTime();
  await using server = await startScriptedServer(silent);
  for (const seconds of [0, 0.5, 1, 2, 15])
    await expectInTime(call(server, seconds), seconds * 1_000, "UnavailableError");
});

test.each(MADE)("so it is where the server asks %s to come back later than that", async (_who, call) => {
  quickTime();
  await using server = await startScriptedServer(() => page(503, { "retry-after": "30" }));
  for (const seconds of [0.5, 2]) await expectInTime(call(server, seconds), seconds * 1_000, "UnavailableError");
});

test("a result that a silent server is asked for is given up by the timeout, and no request is left", async () => {
  quickTime();
  let open = 0;
  await using server = await startScriptedServer(() => (response) => {
    open += 1;
    response.on("close", () => (open -= 1));
  });
  for (const seconds of [0, 2, 30])
    await expectInTime(typed(server).run("run_1").result({ timeout: seconds }), seconds * 1_000, "WaitTimeoutError");
  expect(server.requests.length).toBeGreaterThanOrEqual(3);
  await expect.poll(() => open).toBe(0);
});

test("a page whose connections are taken hears by the timeout, too", async () => {
  await using front = await startFront(() => undefined);
  await using loaded = await loadPage(front.url);
  const { sleep } = loaded.beckon;
  const leaving = new AbortController();
  const taken = [1, 2, 3].map(async (n) => {
    for await (const event of sleep.run(`run_${n}`).events({ signal: leaving.signal })) expect(event).toBe("none");
  });
  await expect.poll(() => front.count("runs.events")).toBe(3);
  quickTime();
  await Promise.all([
    expectInTime(sleep.run("run_4").result({ timeout: "2s" }), 2_000, "WaitTimeoutError"),
    expectInTime(sleep.run("run_5").result({ timeout: "2s" }), 2_000, "WaitTimeoutError"),
    expectInTime(sleep.invokeAndWait(1, { timeout: "3s" }), 3_000, "UnavailableError"),
  ]);
  leaving.abort();
  await Promise.all(taken);
});

test("what it took to make the run is part of the wait", async () => {
  const clock = quickTime();
  await using server = await startScriptedServer(({ path }) => {
    if (path.endsWith("result")) return result(ended);
    clock.pass(400);
    return result({ id: "run_1" });
  });
  await typed(server).invokeAndWait("Ada", { timeout: "900ms" });
  const [, asked] = server.requests.map(({ input }) => input as { readonly timeoutMs: number });
  expect(asked?.timeoutMs).toBeLessThanOrEqual(500);
});

test("a call that is given up takes nothing from the others in its request", async () => {
  const isGivenUp = Promise.withResolvers<void>();
  await using server = await startScriptedServer(
    () => (response) => void isGivenUp.promise.then(() => results({ id: "run_1" }, { id: "run_2" })(response)),
    () => result(ended),
  );
  const calls = typed(server);
  const first = calls.invokeAndWait("Ada", { timeout: "10ms" });
  const second = calls.invokeAndWait("Bob", { timeout: "999ms" });
  await expect(first).rejects.toThrow(/^The server at \S+ could not be reached: there was no answer within \d+ ms\.$/);
  isGivenUp.resolve();
  expect(await second).toEqual(ended);
  expect(server.requests[1]?.input).toMatchObject({ id: "run_2" });
});

test("a stream that a server does not even begin is opened again", async () => {
  quickTime();
  await using server = await startScriptedServer(silent, () =>
    stream(`${eventText(1, { type: "status", status: "SUCCESS" })}event: return\ndata: \n\n`, "ends"),
  );
  const seqs: number[] = [];
  const leaving = new AbortController();
  for await (const { seq } of typed(server).run("run_1").events({ signal: leaving.signal })) seqs.push(seq);
  expect(seqs).toEqual([1]);
});
