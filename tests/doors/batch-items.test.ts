import { createJobsClient, httpTransport } from "@beckon/client";
import { BeckonClient, invokeTrigger } from "@beckon/core";
import { bindJob } from "@beckon/core/runtime";
import { startTestServer, type TestServer } from "@beckon/server/testing";
import { createTRPCClient, httpLink } from "@trpc/client";
import superjson from "superjson";
import { expect, test } from "vitest";
import { readRefusal } from "./world.ts";

const client = new BeckonClient({ id: "tests" });

const keep = client.defineJob({
  id: "keep",
  name: "Keep",
  version: "1.0.0",
  trigger: invokeTrigger(),
  run: async (payload) => payload,
});

/** Sends batches of the other one from inside a run, and says what came of it. */
const sender = client.defineJob({
  id: "sender",
  name: "Sender",
  version: "1.0.0",
  trigger: invokeTrigger(),
  run: (which: number) =>
    keep.batchInvoke(itemsOf(which)).then(
      () => ({ message: "accepted" }),
      (error: object) => ({ ...error, message: Reflect.get(error, "message") }),
    ),
});

const jobs = { keep, sender };

/** What TypeScript lets pass through `map`, and what plain JavaScript sends; what is refused of it, by name and index. */
const BATCHES: readonly { readonly items: unknown; readonly refused: object }[] = [
  {
    items: [{ payload: 1 }, { payload: 2, idempotencyKey: "k", delay: "1h" }],
    refused: { index: 1, message: expect.stringMatching(/^Batch item 1: .*"idempotencyKey"/) },
  },
  { items: [{ to: "ada" }], refused: { index: 0, message: expect.stringMatching(/^Batch item 0: .*"to"/) } },
  { items: [{ payload: 1 }, 2], refused: { index: 1 } },
  { items: [null], refused: { index: 0 } },
  { items: [["ada"]], refused: { index: 0 } },
  {
    items: [{ payload: 1, options: "1h" }],
    refused: { index: 0, option: "options", message: expect.stringMatching(/"1h"|string/) },
  },
  { items: "ada", refused: { option: "items" } },
];

const itemsOf = (which: number): never => BATCHES[which]?.items as never;

type Door = (which: number) => Promise<unknown>;

function openDoors({ url, router, jobs: bound }: TestServer<typeof jobs>): Readonly<Record<string, Door>> {
  const typed = createJobsClient<typeof jobs>({ url });
  const remote = bindJob(keep, httpTransport({ url }));
  const trpc = createTRPCClient<typeof router>({ links: [httpLink({ url: `${url}/trpc`, transformer: superjson })] });
  const caller = router.createCaller({});
  return {
    "job in a backend": (which) => keep.batchInvoke(itemsOf(which)),
    "job in a backend that waits": (which) => keep.batchInvokeAndWait(itemsOf(which)),
    "job in another backend": (which) => remote.batchInvoke(itemsOf(which)),
    "job in a job": async (which) => {
      const output = await (await bound.sender.invoke(which)).output();
      throw Object.assign(new Error("refused"), output);
    },
    "typed client": (which) => typed.keep.batchInvoke(itemsOf(which)),
    "plain tRPC client": (which) => trpc.jobs.keep.batchInvoke.mutate({ items: itemsOf(which) }),
    createCaller: (which) => caller.jobs.keep.batchInvoke({ items: itemsOf(which) }),
    REST: async (which) => {
      const body = JSON.stringify({ items: itemsOf(which) });
      const headers = { "content-type": "application/json" };
      const response = await fetch(`${url}/api/v1/jobs/keep/batch`, { method: "POST", headers, body });
      throw Object.assign(new Error("refused"), ((await response.json()) as { readonly error: object }).error);
    },
  };
}

const indices = BATCHES.map((_, which) => which);

test("B15 what stands beside an item's options, and what is no item, is refused by name at every door", async () => {
  await using server = await startTestServer({ jobs });
  for (const [name, door] of Object.entries(openDoors(server))) {
    const refusals = await Promise.all(
      indices.map((which) =>
        door(which).then(
          () => ({ accepted: BATCHES[which]?.items }),
          (error: unknown) => readRefusal(error),
        ),
      ),
    );
    const expected = BATCHES.map(({ refused }) => ({ code: "INVALID_OPTION", ...refused }));
    expect({ name, refusals }).toMatchObject({ name, refusals: expected });
  }
  expect((await server.engine.listRuns({ job: "keep" })).runs).toEqual([]);
});

test("B30 an item without a payload, and one of a class of its own, are items", async () => {
  class Item {
    readonly payload = "ada";
  }
  await using server = await startTestServer({ jobs });
  const items = [{}, { options: { priority: 1 } }, new Item(), { payload: undefined, options: undefined }];
  const results = await server.jobs.keep.batchInvokeAndWait(items as never);
  expect(results).toMatchObject([{ output: undefined }, { output: undefined }, { output: "ada" }, { ok: true }]);
});
