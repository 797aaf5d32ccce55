import type { RunEvent } from "@beckon/core";
import { startTestServer } from "@beckon/server/testing";
import { expect, test } from "vitest";
import { type Client, collect, jobs, loadPage, startFront } from "./browser-page.ts";
import { errorText } from "./scripted-server.ts";

const RUNS = Array.from({ length: 12 }, (_, index) => index);
/** What the browser's build of the client keeps open at most: three requests, and the one that all others share. */
const MOST_OPEN = 4;

/** Watches and awaits every run, as a page with a list of them does. */
function follow(beckon: Client, ids: readonly string[]) {
  return ids.map((id) => {
    const run = beckon.sleep.run(id);
    const seen: RunEvent[] = [];
    return { id, seen, events: collect(run.events(), seen), result: run.result() };
  });
}

const hasBegun = ({ seen }: { readonly seen: readonly RunEvent[] }): boolean =>
  seen.some((event) => event.type === "status" && event.status === "WAITING");

function untilBegun(followed: ReturnType<typeof follow>): Promise<void> {
  return expect.poll(() => followed.filter(hasBegun).length).toBe(followed.length);
}

async function makeRuns(beckon: Client): Promise<readonly string[]> {
  return (await beckon.sleep.batchInvoke(RUNS.map((payload) => ({ payload })))).map(({ id }) => id);
}

/** Runs that are followed and sleep. */
async function followAll(beckon: Client): Promise<ReturnType<typeof follow>> {
  const followed = follow(beckon, await makeRuns(beckon));
  await untilBegun(followed);
  return followed;
}

async function wakeAll(runs: Pick<Client["runs"], "sendSignal">): Promise<void> {
  for (const n of RUNS) await runs.sendSignal({ name: "wake-up", id: String(n) });
}

async function expectAll(followed: ReturnType<typeof follow>): Promise<void> {
  for (const [index, { events, result }] of followed.entries()) {
    expect(await result).toMatchObject({ ok: true, output: index });
    const all = await events;
    expect(all.map(({ seq }) => seq)).toEqual(all.map((_, place) => place + 1));
    expect(all.at(-1)).toMatchObject({ type: "status", status: "SUCCESS" });
  }
}

test("a page follows any number of runs over few requests, hears everything once, and its calls go through meanwhile", async () => {
  await using server = await startTestServer({ jobs });
  await using front = await startFront(server.node);
  await using page = await loadPage(front.url);
  const { beckon } = page;
  const ids = await makeRuns(beckon);
  // In two heaps: the second joins the stream of the first.
  const followed = follow(beckon, ids.slice(0, 8));
  await untilBegun(followed);
  followed.push(...follow(beckon, ids.slice(8)));
  await untilBegun(followed);
  expect(front.open()).toBe(MOST_OPEN);
  await wakeAll(beckon.runs);
  await expectAll(followed);
  await expect.poll(front.open).toBe(0);
});

test("B47 runs that share a stream are followed on over a restart of the server", async () => {
  const one = await startTestServer({ jobs });
  await using front = await startFront(one.node);
  await using page = await loadPage(front.url);
  const followed = await followAll(page.beckon);
  front.serve((_request, response) => response.writeHead(502).end());
  await one.stop({ timeout: 0 });
  await using two = await startTestServer({ jobs, database: one.database });
  front.serve(two.node);
  await wakeAll(two.router.createCaller({}).runs);
  await expectAll(followed);
  await one[Symbol.asyncDispose]();
});

test("B47 runs that the next server ends before they are asked for again are told to their end", async () => {
  const one = await startTestServer({ jobs });
  await using front = await startFront(one.node);
  await using page = await loadPage(front.url);
  const followed = await followAll(page.beckon);
  await one.stop({ timeout: 0 });
  await using two = await startTestServer({ jobs, database: one.database });
  await wakeAll(two.router.createCaller({}).runs);
  for (const { id } of followed) await two.jobs.sleep.run(id).result();
  front.serve(two.node);
  await expectAll(followed);
  await one[Symbol.asyncDispose]();
});

test("B47 a shared stream that breaks off, that its server ends as it stops, or that a gateway answers for, is opened again", async () => {
  await using server = await startTestServer({ jobs });
  const stopping = errorText(503, { code: "UNAVAILABLE", message: "The server has stopped." });
  const connected = "event: connected\ndata: {}\n\n\n";
  let broken = 0;
  await using front = await startFront((request, response) => {
    if (request.url?.includes("runs.follow") !== true || broken === 4) return server.node(request, response);
    broken += 1;
    if (broken % 2 === 0) return response.writeHead(502).end("<h1>no</h1>");
    response.writeHead(200, { "content-type": "text/event-stream" });
    if (broken === 1) return response.write(connected, () => response.destroy());
    return response.end(connected + stopping);
  });
  await using page = await loadPage(front.url);
  const followed = await followAll(page.beckon);
  await wakeAll(page.beckon.runs);
  await expectAll(followed);
  expect(broken).toBe(4);
});

test("a run that there is not is told of where it is asked for, and does not end the others", async () => {
  await using server = await startTestServer({ jobs });
  await using front = await startFront(server.node);
  await using page = await loadPage(front.url);
  const { beckon } = page;
  const ids = await makeRuns(beckon);
  const followed = follow(beckon, ids);
  const strange = beckon.sleep.run("run_strange");
  await expect(strange.result()).rejects.toMatchObject({ name: "NotFoundError", code: "NOT_FOUND" });
  await expect(collect(strange.events(), [])).rejects.toThrow('There is no run "run_strange"');
  await expect(beckon.sleep.run(ids[0] as string).result({ timeout: "50ms" })).rejects.toThrow(
    "did not end within 50 ms",
  );
  const leaving = new AbortController();
  const left = collect(beckon.sleep.run(ids[1] as string).events({ signal: leaving.signal }), []);
  leaving.abort();
  await left;
  await wakeAll(beckon.runs);
  await expectAll(followed);
});

test("a server that knows no shared stream is asked for each run by itself", async () => {
  await using server = await startTestServer({ jobs });
  await using front = await startFront((request, response) =>
    request.url?.includes("runs.follow")
      ? response.writeHead(405, { "content-type": "application/json" }).end("{}")
      : server.node(request, response),
  );
  await using page = await loadPage(front.url);
  const followed = await followAll(page.beckon);
  await wakeAll(page.beckon.runs);
  await expectAll(followed);
});
