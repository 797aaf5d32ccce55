import { BeckonClient, invokeTrigger } from "@beckon/core";
import { startTestEngine } from "@beckon/engine/testing";
import * as trpc from "@trpc/server";
import * as adapter from "@trpc/server/adapters/fetch";
import superjson from "superjson";
import * as oldestServer from "trpc-server-oldest";
import * as oldestAdapter from "trpc-server-oldest/adapters/fetch";
import { describe, expect, test } from "vitest";
import { createJobRouter } from "./create-job-router.ts";
import { beckonErrorFormatter } from "./trpc-errors.ts";

const client = new BeckonClient({ id: "tests" });
const greet = client.defineJob({
  id: "greet",
  name: "Greet",
  version: "1.0.0",
  trigger: invokeTrigger(),
  run: async () => "hello",
});
const jobs = { greet };

const newest = { ...trpc, ...adapter };
/** The types of two versions do not meet, as in a host that does not check them. */
const oldest = { ...oldestServer, ...oldestAdapter } as unknown as typeof newest;

function createT({ initTRPC }: typeof newest) {
  return initTRPC.create({ transformer: superjson, errorFormatter: beckonErrorFormatter });
}

/** The stream of a run's events as it goes over HTTP. */
async function readStream({ fetchRequestHandler }: typeof newest, router: trpc.AnyTRPCRouter, path: string) {
  const [procedure = "", id] = path.split("?");
  const input = encodeURIComponent(JSON.stringify({ json: { id } }));
  const req = new Request(`http://localhost/trpc/${procedure}?input=${input}`);
  const response = await fetchRequestHandler({ endpoint: "/trpc", req, router, createContext: () => ({}) });
  return response.text();
}

const ENDED = /^data: .*"type":"status".*"status":"SUCCESS".*\nid: 3$/m;

describe("the events of a run arrive with their ids", () => {
  test("where another @trpc/server serves than the router has", async () => {
    await using world = await startTestEngine([greet]);
    const router = createJobRouter(jobs, { engine: world.engine, tracked: oldestServer.tracked });
    const { id } = await router.createCaller({}).jobs.greet.invoke({ payload: undefined });
    expect(await readStream(oldest, router, `runs.events?${id}`)).toMatch(ENDED);
  });

  test("inside of a host's router that is of another @trpc/server", async () => {
    await using world = await startTestEngine([greet]);
    const t = createT(oldest);
    const router = t.router({
      beckon: createJobRouter(jobs, { t, engine: world.engine, tracked: oldestServer.tracked }),
    });
    const { id } = await router.createCaller({}).beckon.jobs.greet.invoke({ payload: undefined });
    expect(await readStream(oldest, router, `beckon.runs.events?${id}`)).toMatch(ENDED);
  });

  test("inside of a host's router that is of the same", async () => {
    await using world = await startTestEngine([greet]);
    const t = createT(newest);
    const router = t.router({ beckon: createJobRouter(jobs, { t, engine: world.engine }) });
    const { id } = await router.createCaller({}).beckon.jobs.greet.invoke({ payload: undefined });
    expect(await readStream(newest, router, `beckon.runs.events?${id}`)).toMatch(ENDED);
  });
});

describe("without the `tracked` of another @trpc/server the stream is refused, saying what to add", () => {
  const WHAT_TO_ADD = "createJobRouter(jobs, { tracked })";

  test("where that one serves", async () => {
    await using world = await startTestEngine([greet]);
    const router = createJobRouter(jobs, { engine: world.engine });
    const { id } = await router.createCaller({}).jobs.greet.invoke({ payload: undefined });
    expect(await readStream(oldest, router, `runs.events?${id}`)).toContain(WHAT_TO_ADD);
  });

  test("where the host's router is of that one", async () => {
    await using world = await startTestEngine([greet]);
    const t = createT(oldest);
    const router = t.router({ beckon: createJobRouter(jobs, { t, engine: world.engine }) });
    const { id } = await router.createCaller({}).beckon.jobs.greet.invoke({ payload: undefined });
    expect(await readStream(oldest, router, `beckon.runs.events?${id}`)).toContain(WHAT_TO_ADD);
  });
});
