import type { Store } from "@beckon/engine";
import { openSqliteStore } from "@beckon/sqlite";
import { expect, test, vi } from "vitest";
import { z } from "zod";
import { createCountedStore } from "../testing/counted-store.ts";
import { startTestServer } from "../testing/index.ts";
import { defineTestJobs } from "../testing/test-jobs.ts";

const jobs = defineTestJobs(z);

interface StreamedEvent {
  readonly id: number;
  readonly type: string;
  readonly data: { readonly seq: number; readonly status?: string };
}

/** Reads server-sent events until the stream ends, the reader has enough, or the connection breaks. */
async function readEvents(
  url: string,
  options: { readonly lastEventId?: number; readonly enough?: (event: StreamedEvent) => boolean } = {},
): Promise<StreamedEvent[]> {
  const { lastEventId, enough = () => false } = options;
  const response = await fetch(url, {
    headers: lastEventId === undefined ? {} : { "last-event-id": String(lastEventId) },
  });
  expect(response.headers.get("content-type")).toBe("text/event-stream");
  const events: StreamedEvent[] = [];
  let rest = "";
  for await (const chunk of response.body?.pipeThrough(new TextDecoderStream()) ?? []) {
    const blocks = (rest + chunk).split("\n\n");
    rest = blocks.pop() ?? "";
    for (const block of blocks.filter((one) => one.startsWith("id:"))) {
      const [, id, type, data] = /^id: (\d+)\nevent: (\S+)\ndata: (.*)$/.exec(block) ?? [];
      const event: StreamedEvent = { id: Number(id), type: String(type), data: JSON.parse(String(data)) };
      events.push(event);
      if (enough(event)) return events;
    }
  }
  return events;
}

const eventsOf = (url: string, id: string): string => `${url}/api/v1/runs/${id}/events`;

test("B47 every event comes once and in order, across a dropped connection and a restart of the server", async () => {
  await using first = await startTestServer({ jobs });
  const run = await first.jobs.sleeper.invoke({});
  const seen = await readEvents(eventsOf(first.url, run.id), { enough: ({ data }) => data.status === "WAITING" });
  // The connection is dropped after the first event it saw; a second one goes on behind it.
  const again = await readEvents(eventsOf(first.url, run.id), {
    lastEventId: 1,
    enough: ({ data }) => data.status === "WAITING",
  });
  expect(again).toEqual(seen.slice(1));
  await first.stop();

  await using second = await startTestServer({ jobs, database: first.database });
  await second.router.createCaller({}).runs.sendSignal({ name: "wake-up", payload: 1 });
  const rest = await readEvents(eventsOf(second.url, run.id), { lastEventId: seen.at(-1)?.id ?? 0 });
  const all = [...seen, ...rest];
  expect(all.map(({ id }) => id)).toEqual(all.map((_, index) => index + 1));
  expect(all.map(({ data }) => data.seq)).toEqual(all.map(({ id }) => id));
  expect(all.at(-1)).toMatchObject({ type: "status", data: { status: "SUCCESS" } });
});

test("B47 a stream that is open when the server stops is closed, and goes on behind what it told", async () => {
  await using first = await startTestServer({ jobs });
  const run = await first.jobs.sleeper.invoke({});
  const stopped = Promise.withResolvers<void>();
  const seen = await readEvents(eventsOf(first.url, run.id), {
    enough: ({ data }) => {
      if (data.status === "WAITING") stopped.resolve(first.stop());
      return false;
    },
  });
  await stopped.promise;
  const last = seen.at(-1);
  expect(last).toMatchObject({ data: { status: "WAITING" } });

  await using second = await startTestServer({ jobs, database: first.database });
  await second.engine.sendSignal({ name: "wake-up", payload: 1 });
  const rest = await readEvents(eventsOf(second.url, run.id), { lastEventId: last?.id ?? 0 });
  expect(rest.map(({ id }) => id)).toEqual(rest.map((_, index) => (last?.id ?? 0) + 1 + index));
  expect(rest.at(-1)).toMatchObject({ data: { status: "SUCCESS" } });
});

test("a run that has ended and has nothing more to tell answers 204, which ends a browser's reconnecting", async () => {
  await using server = await startTestServer({ jobs });
  const run = await server.jobs.echo.invoke(1);
  await run.result();
  const all = await readEvents(eventsOf(server.url, run.id));
  const response = await fetch(`${eventsOf(server.url, run.id)}?after=${all.length}`);
  expect(response.status).toBe(204);
});

test("an unknown run is 404, as JSON", async () => {
  await using server = await startTestServer({ jobs });
  const response = await fetch(eventsOf(server.url, "run_none"));
  expect(response.status).toBe(404);
  expect(await response.json()).toMatchObject({ error: { code: "NOT_FOUND" } });
});

/** Counts the heartbeats that go on. */
function watchHeartbeats(): Disposable & { readonly count: () => number } {
  vi.useFakeTimers({ toFake: ["setInterval", "clearInterval"] });
  return { count: () => vi.getTimerCount(), [Symbol.dispose]: () => void vi.useRealTimers() };
}

test("a stream beats while somebody reads it, and one that is asked only for its headers never begins", async () => {
  using heartbeats = watchHeartbeats();
  await using server = await startTestServer({ jobs, dashboard: false });
  const run = await server.jobs.sleeper.invoke({});
  const before = heartbeats.count();
  const head = await fetch(eventsOf(server.url, run.id), { method: "HEAD" });
  expect([head.status, head.headers.get("content-type")]).toEqual([200, "text/event-stream"]);
  expect(heartbeats.count()).toBe(before);
  await readEvents(eventsOf(server.url, run.id), {
    enough: () => {
      expect(heartbeats.count()).toBe(before + 1);
      return true;
    },
  });
  await expect.poll(() => heartbeats.count()).toBe(before);
});

test("a stream whose events cannot be read any more breaks off, and beats no longer", async () => {
  using heartbeats = watchHeartbeats();
  await using broken = await openBreakableStore();
  await using server = await startTestServer({ jobs, database: broken.store, dashboard: false });
  const run = await server.jobs.sleeper.invoke({});
  const before = heartbeats.count();
  const reading = readEvents(eventsOf(server.url, run.id), {
    enough: ({ data }) => {
      if (data.status !== "WAITING") return false;
      broken.breakReads();
      void server.engine.sendSignal({ name: "wake-up", id: undefined, payload: 1 });
      return false;
    },
  });
  await expect(reading).rejects.toThrow("terminated");
  expect(heartbeats.count()).toBe(before);
});

test("a stream whose reader leaves before it has taken all events leaves nothing listening at the store", async () => {
  const counted = createCountedStore();
  await using server = await startTestServer({ jobs, database: counted.store, dashboard: false });
  const ended = await server.jobs.greet.invoke({ name: "Ada" });
  await ended.result();
  const asleep = await server.jobs.sleeper.invoke({});
  const leave = async (id: string, taken: number): Promise<void> => {
    const { body } = await server.fetch(new Request(eventsOf(server.url, id)));
    const reader = body?.getReader();
    for (let count = 0; count < taken; count += 1) await reader?.read();
    await reader?.cancel();
  };
  await leave(ended.id, 1);
  await leave(asleep.id, 0);
  expect(counted.listeners()).toBeGreaterThan(0);
  await server.stop();
  expect(counted.listeners()).toBe(0);
});

/** A store whose events cannot be read from some moment on. */
async function openBreakableStore(): Promise<
  AsyncDisposable & { readonly store: Store; readonly breakReads: () => void }
> {
  const store = await openSqliteStore({ path: ":memory:" });
  let isBroken = false;
  const breakable = new Proxy(store, {
    get: (target, name: keyof Store) => {
      if (isBroken && name === "readEvents") return () => Promise.reject(new Error("the disk is gone"));
      const value: unknown = Reflect.get(target, name);
      return typeof value === "function" ? value.bind(target) : value;
    },
  });
  return {
    store: breakable,
    breakReads: () => void (isBroken = true),
    [Symbol.asyncDispose]: () => store.close(),
  };
}
