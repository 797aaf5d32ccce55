import { flakyWebhook } from "@acme/jobs";
import { startTestEngine, testJob } from "@beckon/engine/testing";
import { expect, test } from "vitest";
import { startWebhookReceiver } from "./webhook-receiver.ts";

test("B34 it tries again until the receiver takes it, always with one idempotency key", async () => {
  await using receiver = await startWebhookReceiver([{ status: 500 }, { status: 503 }, { status: 204 }]);
  const result = await testJob(flakyWebhook, { url: receiver.url, body: { hello: ["wörld"] } });
  expect(result).toMatchObject({ ok: true, output: { status: 204, attempts: 3 } });
  expect(receiver.received).toHaveLength(3);
  for (const { body } of receiver.received) expect(body).toEqual({ hello: ["wörld"] });
  expect(new Set(receiver.received.map(({ headers }) => headers["idempotency-key"])).size).toBe(1);
});

test("B34 it comes back when the receiver says: seconds from then, or a date", async () => {
  const answers = [
    { status: 429, retryAfter: "120" },
    { status: 503, retryAfter: "Thu, 01 Jan 2026 01:00:00 GMT" },
    { status: 200 },
  ];
  await using receiver = await startWebhookReceiver(answers);
  const now = new Date("2026-01-01T00:00:00Z");
  const result = await testJob(flakyWebhook, { url: receiver.url }, { now });
  expect(result).toMatchObject({ ok: true, output: { attempts: 3 } });
  expect(result.completedAt).toEqual(new Date("2026-01-01T01:00:00Z"));
});

test("a time that cannot be read is as none", async () => {
  await using receiver = await startWebhookReceiver([{ status: 503, retryAfter: "soon" }, { status: 200 }]);
  const result = await testJob(flakyWebhook, { url: receiver.url });
  expect(result).toMatchObject({ ok: true, output: { attempts: 2 } });
});

test("a refusal that another try would not change ends it at once", async () => {
  await using receiver = await startWebhookReceiver([{ status: 410 }]);
  const result = await testJob(flakyWebhook, { url: receiver.url });
  expect(result).toMatchObject({ ok: false, error: { message: "The server answered with status 410." } });
  expect(receiver.received).toHaveLength(1);
});

test("it gives up after five attempts, also where the receiver always asks for one more", async () => {
  await using receiver = await startWebhookReceiver([{ status: 503, retryAfter: "1" }]);
  const result = await testJob(flakyWebhook, { url: receiver.url });
  expect(result.ok).toBe(false);
  expect(receiver.received).toHaveLength(5);
});

test("its failed attempts are logged, and seen while it waits for the next", async () => {
  await using receiver = await startWebhookReceiver([{ status: 500 }]);
  await using world = await startTestEngine([flakyWebhook]);
  const run = await flakyWebhook.invoke({ url: receiver.url });
  for await (const event of run.events()) {
    if (event.type === "status" && event.status === "WAITING") break;
  }
  expect(await world.engine.readTasks(run.id)).toMatchObject([{ id: "post", status: "WAITING", attempt: 1 }]);
  expect(await world.engine.readLogs({ runId: run.id })).toMatchObject([
    {
      level: "warn",
      message: expect.stringMatching(/^Attempt 1 failed: RefusedError: The server answered with status 500/),
      taskId: "post",
    },
  ]);
});
