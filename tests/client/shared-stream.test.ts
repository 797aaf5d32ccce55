import type { ServerResponse } from "node:http";
import type { RunEvent } from "@beckon/core";
import { startTestServer } from "@beckon/server/testing";
import { expect, test, vi } from "vitest";
import { type Client, collect, type Handle, jobs, loadPage, startFront } from "./browser-page.ts";

const listOf = (length: number) => Array.from({ length }, (_, index) => index);

async function invokeMany(beckon: Client, many: number): Promise<readonly string[]> {
  const runs = await beckon.sleep.batchInvoke(listOf(many).map((payload) => ({ payload })));
  return runs.map(({ id }) => id);
}

function watch(beckon: Client, id: string, signal?: AbortSignal) {
  const seen: RunEvent[] = [];
  return { seen, events: collect(beckon.sleep.run(id).events(signal && { signal }), seen) };
}

const hasBegun = ({ seen }: { readonly seen: readonly RunEvent[] }): boolean =>
  seen.some((event) => event.type === "status" && event.status === "WAITING");

const wakeUp = (beckon: Client, n: number) => beckon.runs.sendSignal({ name: "wake-up", id: String(n) });

const isFollow: (...[request]: Parameters<Handle>) => boolean = ({ url }) => url?.includes("runs.follow") === true;

test("runs that come back to the stream after it broke do so in few requests", async () => {
  await using server = await startTestServer({ jobs });
  await using front = await startFront(server.node);
  await using page = await loadPage(front.url);
  const watched = (await invokeMany(page.beckon, 60)).map((id) => watch(page.beckon, id));
  await expect.poll(() => watched.filter(hasBegun).length).toBe(60);
  const before = front.count("runs.follow");
  front.serve(server.node);
  for (const n of listOf(60)) await wakeUp(page.beckon, n);
  await Promise.all(watched.map(({ events }) => events));
  expect(front.count("runs.follow") - before).toBeLessThan(10);
});

test("a stream whose last run has ended is closed, though one that left had not", async () => {
  await using server = await startTestServer({ jobs });
  await using front = await startFront(server.node);
  await using page = await loadPage(front.url);
  const leaving = new AbortController();
  const ids = await invokeMany(page.beckon, 5);
  const own = ids.slice(0, 3).map((id) => watch(page.beckon, id));
  const left = watch(page.beckon, ids[3] as string, leaving.signal);
  const last = watch(page.beckon, ids[4] as string);
  await expect.poll(() => [...own, left, last].filter(hasBegun).length).toBe(5);
  leaving.abort();
  await left.events;
  for (const n of [0, 1, 2, 4]) await wakeUp(page.beckon, n);
  await Promise.all([...own, last].map(({ events }) => events));
  await expect.poll(front.open).toBe(0);
});

test("results of runs that have ended do not begin the stream anew", async () => {
  await using server = await startTestServer({ jobs });
  await using front = await startFront(server.node);
  await using page = await loadPage(front.url);
  const ids = await invokeMany(page.beckon, 44);
  const watched = ids.map((id) => watch(page.beckon, id));
  await expect.poll(() => watched.filter(hasBegun).length).toBe(44);
  const before = front.count("runs.follow");
  for (const n of listOf(40)) {
    await wakeUp(page.beckon, n + 4);
    await watched[n + 4]?.events;
    expect(await page.beckon.sleep.run(ids[n + 4] as string).result()).toMatchObject({ output: n + 4 });
  }
  expect(front.count("runs.follow") - before).toBe(0);
});

test("a stream that has no more to tell of a run which goes on is not asked again at once", async () => {
  await using server = await startTestServer({ jobs });
  await using front = await startFront((request, response) =>
    isFollow(request, response)
      ? response
          .writeHead(200, { "content-type": "text/event-stream" })
          .end('event: connected\ndata: {}\n\ndata: {"json":{"index":0,"event":null}}\n\nevent: return\ndata:\n\n')
      : server.node(request, response),
  );
  await using page = await loadPage(front.url);
  const ids = await invokeMany(page.beckon, 4);
  const own = ids.slice(0, 3).map((id) => watch(page.beckon, id));
  await expect.poll(() => own.filter(hasBegun).length).toBe(3);
  await expect(page.beckon.sleep.run(ids[3] as string).result({ timeout: "1s" })).rejects.toThrow("did not end within");
  expect(front.count("sleep.result")).toBeLessThan(12);
  for (const n of listOf(3)) await wakeUp(page.beckon, n);
  await Promise.all(own.map(({ events }) => events));
});

test("a stream that is cut every minute ends no wait", async () => {
  await using server = await startTestServer({ jobs });
  await using front = await startFront(server.node);
  await using page = await loadPage(front.url);
  const ids = await invokeMany(page.beckon, 4);
  const own = ids.slice(0, 3).map((id) => watch(page.beckon, id));
  await expect.poll(() => own.filter(hasBegun).length).toBe(3);
  const result = page.beckon.sleep.run(ids[3] as string).result();
  result.catch(() => undefined);
  let stream: ServerResponse | undefined;
  front.serve((request, response) => {
    if (isFollow(request, response)) stream = response;
    return server.node(request, response);
  });
  vi.useFakeTimers({ toFake: ["Date"], now: Date.now() });
  try {
    const opened = (cuts: number) =>
      expect.poll(() => stream?.headersSent, { message: `after ${cuts} cuts` }).toBe(true);
    for (const cuts of listOf(4)) {
      await opened(cuts);
      // What was sent before has come when this has.
      await fetch(`${front.url}/healthz`);
      vi.setSystemTime(Date.now() + 59_000);
      stream?.destroy();
      stream = undefined;
    }
    await opened(4);
  } finally {
    vi.useRealTimers();
  }
  for (const n of listOf(4)) await wakeUp(page.beckon, n);
  expect(await result).toMatchObject({ ok: true });
  await Promise.all(own.map(({ events }) => events));
});

test("a failure of the server at the stream takes it from nobody", async () => {
  await using server = await startTestServer({ jobs });
  let failed = 0;
  await using front = await startFront((request, response) => {
    if (!isFollow(request, response) || failed++ > 0) return server.node(request, response);
    return response.writeHead(500, { "content-type": "application/json" }).end("{}");
  });
  await using page = await loadPage(front.url);
  const watched = (await invokeMany(page.beckon, 12)).map((id) => watch(page.beckon, id));
  await expect.poll(() => watched.filter(hasBegun).length).toBe(12);
  expect(front.open()).toBe(4);
  for (const n of listOf(12)) await wakeUp(page.beckon, n);
  await Promise.all(watched.map(({ events }) => events));
});

test("runs that join while the stream is being opened wait for it rather than begin it anew", async () => {
  await using server = await startTestServer({ jobs });
  const held: (() => void)[] = [];
  let isHeld = true;
  await using front = await startFront((request, response) => {
    if (!isHeld || !isFollow(request, response)) return server.node(request, response);
    held.push(() => void server.node(request, response));
    return undefined;
  });
  await using page = await loadPage(front.url);
  const ids = await invokeMany(page.beckon, 12);
  const watched = ids.slice(0, 5).map((id) => watch(page.beckon, id));
  await expect.poll(() => held.length).toBe(1);
  for (const id of ids.slice(5)) {
    watched.push(watch(page.beckon, id));
    await page.beckon.runs.get({ id });
  }
  expect(held).toHaveLength(1);
  isHeld = false;
  held[0]?.();
  await expect.poll(() => watched.filter(hasBegun).length).toBe(12);
  expect(front.count("runs.follow")).toBeLessThan(4);
  for (const n of listOf(12)) await wakeUp(page.beckon, n);
  await Promise.all(watched.map(({ events }) => events));
});

test("a stream that fails each time is left for requests of their own", async () => {
  await using server = await startTestServer({ jobs });
  await using front = await startFront((request, response) =>
    isFollow(request, response)
      ? response.writeHead(500, { "content-type": "application/json" }).end("{}")
      : server.node(request, response),
  );
  await using page = await loadPage(front.url);
  const watched = (await invokeMany(page.beckon, 5)).map((id) => watch(page.beckon, id));
  await expect.poll(() => watched.filter(hasBegun).length).toBe(5);
  for (const n of listOf(5)) await wakeUp(page.beckon, n);
  await Promise.all(watched.map(({ events }) => events));
});
