import { createHmac } from "node:crypto";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { text } from "node:stream/consumers";
import type { RunResult } from "@beckon/core";
import { createManualClock } from "@beckon/engine/testing";
import { describe, expect, onTestFinished, test, vi } from "vitest";
import { z } from "zod";
import { createCallbackDelivery } from "./deliver-callback.ts";
import { startTestServer } from "./testing/index.ts";
import { defineTestJobs } from "./testing/test-jobs.ts";

const jobs = defineTestJobs(z);

interface Received {
  readonly body: string;
  readonly signature: string | undefined;
}

interface Receiver extends AsyncDisposable {
  readonly url: string;
  readonly received: Received[];
  /** The next delivery, also one that came already. */
  readonly next: () => Promise<Received>;
}

/** A real receiver that answers as it is told, then with 200. */
async function startReceiver(...answers: (number | "silence")[]): Promise<Receiver> {
  const received: Received[] = [];
  const waiting: ((delivery: Received) => void)[] = [];
  const unread: Received[] = [];
  const answer = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const delivery = {
      body: await text(request),
      signature: request.headers["x-beckon-signature-256"] as string | undefined,
    };
    received.push(delivery);
    const wake = waiting.shift();
    if (wake) wake(delivery);
    else unread.push(delivery);
    const status = answers.shift() ?? 200;
    if (status !== "silence") response.writeHead(status, { location: "/elsewhere" }).end();
  };
  const server = createServer((request, response) => void answer(request, response));
  await new Promise<void>((resolve) => void server.listen(0, "127.0.0.1", resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/done`,
    received,
    next: () => {
      const delivery = unread.shift();
      return delivery ? Promise.resolve(delivery) : new Promise((resolve) => void waiting.push(resolve));
    },
    [Symbol.asyncDispose]: () => new Promise((resolve) => void server.close(() => resolve())),
  };
}

const at = new Date(0);
const result: RunResult<number, unknown> = {
  ok: true,
  status: "SUCCESS",
  output: 1,
  id: "run_1",
  job: { id: "echo", version: "1.0.0" },
  isTest: false,
  createdAt: at,
  startedAt: at,
  completedAt: at,
  executionDurationInMs: 0,
  executionCount: 1,
  statuses: [],
  invocation: { payload: 1, context: null, timestamp: at },
};

function holdTimers(): void {
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
  onTestFinished(() => void vi.useRealTimers());
}

const signingSecret = "whsec_test";
const sign = (body: string): string => createHmac("sha256", signingSecret).update(body).digest("hex");

describe("B50 completion callbacks", () => {
  test("one delivery for each terminal status; the signature verifies, and a tampered body does not", async () => {
    await using receiver = await startReceiver();
    await using server = await startTestServer({ jobs, signingSecret });
    const options = { callbackUrl: receiver.url };
    const succeeded = await server.jobs.charge.invoke({ amount: 1 }, options);
    const first = await receiver.next();
    expect(JSON.parse(first.body)).toMatchObject({
      ok: true,
      id: succeeded.id,
      status: "SUCCESS",
      output: { charged: 1 },
    });
    expect(first.signature).toBe(sign(first.body));
    expect(first.signature).not.toBe(sign(first.body.replace("SUCCESS", "FAILURE")));

    await server.jobs.charge.invoke({ amount: 500 }, options);
    expect(JSON.parse((await receiver.next()).body)).toMatchObject({ ok: false, error: { code: "CARD_DECLINED" } });

    const canceled = await server.jobs.sleeper.invoke(undefined, options);
    await canceled.cancel();
    expect(JSON.parse((await receiver.next()).body)).toMatchObject({ status: "CANCELED" });

    await server.jobs.stuck.invoke(undefined, { ...options, maxDuration: "1ms" });
    expect(JSON.parse((await receiver.next()).body)).toMatchObject({ status: "TIMED_OUT" });

    await server.router.createCaller({}).catalog.pause({ id: "echo" });
    await server.jobs.echo.invoke(1, { ...options, ttl: "1ms" });
    expect(JSON.parse((await receiver.next()).body)).toMatchObject({ status: "EXPIRED" });
    // What is being told is told before a server has stopped: also a last one that is told twice.
    await server.stop();
    expect(receiver.received).toHaveLength(5);
  });

  test("an answer that is no 2xx, a redirect among them, is tried again with growing pauses", async () => {
    const clock = createManualClock();
    await using receiver = await startReceiver(500, 302);
    await using server = await startTestServer({ jobs, signingSecret, clock });
    await server.jobs.echo.invoke(1, { callbackUrl: receiver.url });
    const bodies = [await receiver.next()];
    while (bodies.length < 3) {
      const next = receiver.next();
      // The failure reaches the engine over a real connection, so the clock is moved until the pause it sets is over.
      await expect.poll(() => clock.advance(1_000).then(() => receiver.received.length)).toBeGreaterThan(bodies.length);
      bodies.push(await next);
    }
    expect(new Set(bodies.map(({ body }) => body)).size).toBe(1);
  });

  test("a receiver that is silent for half a minute counts as not there", async () => {
    holdTimers();
    await using receiver = await startReceiver("silence");
    const ends: string[] = [];
    const delivery = createCallbackDelivery(undefined)({ url: receiver.url, result });
    const delivered = delivery.catch(({ name }: Error) => void ends.push(name));
    await receiver.next();
    await vi.advanceTimersByTimeAsync(29_999);
    expect(ends).toEqual([]);
    await vi.advanceTimersByTimeAsync(1);
    await delivered;
    expect(ends).toEqual(["TimeoutError"]);
  });

  test("deliveries that were answered leave no timers behind", async () => {
    holdTimers();
    await using receiver = await startReceiver();
    const deliver = createCallbackDelivery(undefined);
    for (let n = 0; n < 10; n += 1) await deliver({ url: receiver.url, result });
    // fetch has a few of its own, for all that it does.
    expect(vi.getTimerCount()).toBeLessThan(5);
  });

  test("without a signing secret they go unsigned", async () => {
    await using receiver = await startReceiver();
    await using server = await startTestServer({ jobs });
    await server.jobs.echo.invoke(1, { callbackUrl: receiver.url });
    expect((await receiver.next()).signature).toBeUndefined();
  });

  test("a delivery that a stopped server did not make is made by the next one", async () => {
    await using receiver = await startReceiver(503);
    const clock = createManualClock();
    await using first = await startTestServer({ jobs, clock });
    await first.jobs.echo.invoke(1, { callbackUrl: receiver.url });
    await receiver.next();
    await first.stop();
    const later = createManualClock(clock.now() + 3_600_000);
    await using second = await startTestServer({ jobs, database: first.database, clock: later });
    expect(JSON.parse((await receiver.next()).body)).toMatchObject({ output: 1 });
    expect((await second.engine.listRuns({})).runs).toHaveLength(1);
  });
});
