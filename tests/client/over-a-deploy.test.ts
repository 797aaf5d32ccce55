import { createJobsClient } from "@beckon/client";
import { BeckonClient, invokeTrigger, type RunEvent } from "@beckon/core";
import { startTestServer } from "@beckon/server/testing";
import { createTRPCClient, httpSubscriptionLink } from "@trpc/client";
import superjson from "superjson";
import { expect, test } from "vitest";
import { collect, jobs as pageJobs, loadPage, startFront } from "./browser-page.ts";

const client = new BeckonClient({ id: "tests" });
const sleeper = client.defineJob({
  id: "sleeper",
  name: "Sleeper",
  version: "1.0.0",
  trigger: invokeTrigger(),
  run: async (_payload, io) => {
    await io.waitForSignal("wake", "wake-up");
    io.logger.info("awake");
    return io.runTask("work", () => "done");
  },
});
const jobs = { sleeper };

interface Stopped {
  readonly url: string;
  readonly database: string;
}

/** The successor of a server that has stopped: on the same file, at the same port. */
function startSuccessor({ url, database }: Stopped) {
  return startTestServer({ jobs, database, port: Number(new URL(url).port) });
}

/** Lets what sleeps end while nobody is at the port. */
async function endMeanwhile({ database }: Stopped, id: string): Promise<void> {
  await using elsewhere = await startTestServer({ jobs, database });
  await elsewhere.engine.sendSignal({ name: "wake-up" });
  await elsewhere.jobs.sleeper.run(id).result();
}

async function allEvents(server: Awaited<ReturnType<typeof startSuccessor>>, id: string): Promise<readonly RunEvent[]> {
  return collect(server.jobs.sleeper.run(id).events(), []);
}

const isAsleep = (seen: readonly RunEvent[]): boolean =>
  seen.some((event) => event.type === "status" && event.status === "WAITING");

test("B47 the typed client hears all of a run that ends between a server that stops and its successor", async () => {
  await using first = await startTestServer({ jobs });
  const run = await createJobsClient<typeof jobs>({ url: first.url }).sleeper.invoke({});
  const seen: RunEvent[] = [];
  const watching = collect(run.events(), seen);
  await expect.poll(() => isAsleep(seen)).toBe(true);
  await first.stop();
  await endMeanwhile(first, run.id);
  await using second = await startSuccessor(first);
  expect(await watching).toEqual(await allEvents(second, run.id));
});

test("B47 a page that follows many runs hears all of those that end between a server that stops and its successor", async () => {
  await using first = await startTestServer({ jobs: pageJobs });
  await using front = await startFront(first.node);
  await using page = await loadPage(front.url);
  const payloads = Array.from({ length: 6 }, (_, n) => n);
  const runs = await page.beckon.sleep.batchInvoke(payloads.map((payload) => ({ payload })));
  const watched = runs.map((run) => {
    const seen: RunEvent[] = [];
    return { run, seen, events: collect(run.events(), seen) };
  });
  await expect.poll(() => watched.every(({ seen }) => isAsleep(seen))).toBe(true);
  await first.stop();
  await using second = await startTestServer({ jobs: pageJobs, database: first.database });
  for (const n of payloads) await second.engine.sendSignal({ name: "wake-up", id: String(n) });
  for (const { id } of runs) await second.jobs.sleep.run(id).result();
  front.serve(second.node);
  for (const { run, events } of watched)
    expect(await events).toEqual(await collect(second.jobs.sleep.run(run.id).events(), []));
});

test("B47 a plain client of tRPC goes on with the successor of a server that stops, until the run has ended", async () => {
  await using first = await startTestServer({ jobs });
  const run = await first.jobs.sleeper.invoke({});
  const trpc = createTRPCClient<typeof first.router>({
    links: [httpSubscriptionLink({ url: `${first.url}/trpc`, transformer: superjson, EventSource })],
  });
  const seen: RunEvent[] = [];
  const completed = Promise.withResolvers<void>();
  trpc.runs.events.subscribe(
    { id: run.id },
    {
      onData: ({ data }) => void seen.push(data),
      onComplete: () => completed.resolve(),
      onError: (error) => completed.reject(error),
    },
  );
  await expect.poll(() => isAsleep(seen)).toBe(true);
  await first.stop();
  await endMeanwhile(first, run.id);
  await using second = await startSuccessor(first);
  await completed.promise;
  expect(seen).toEqual(await allEvents(second, run.id));
});
