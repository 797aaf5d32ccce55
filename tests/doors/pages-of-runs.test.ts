import { createJobsClient } from "@beckon/client";
import { BeckonClient, invokeTrigger } from "@beckon/core";
import { createManualClock } from "@beckon/engine/testing";
import { startTestServer } from "@beckon/server/testing";
import { expect, test } from "vitest";

const later = new BeckonClient({ id: "tests" }).defineJob({
  id: "later",
  name: "Later",
  version: "1.0.0",
  trigger: invokeTrigger(),
  run: () => undefined,
});
const jobs = { later };

interface Page {
  readonly runs: readonly { readonly id: string }[];
  readonly nextCursor: string | null;
}

/** The ids on all pages, from the first to the last. */
async function turnPages(read: (cursor: { readonly cursor?: string }) => Promise<Page>): Promise<readonly string[]> {
  const ids: string[] = [];
  for (let page = await read({}); ; page = await read({ cursor: page.nextCursor })) {
    ids.push(...page.runs.map(({ id }) => id));
    if (page.nextCursor === null) return ids;
  }
}

test("B46 a thousand runs of one millisecond are paged through with no gap and no repeat, with and without filters", async () => {
  // It stands still.
  const clock = createManualClock();
  await using server = await startTestServer({ jobs, clock });
  const items = Array.from({ length: 1_000 }, (_, index) => ({
    payload: index,
    options: { delay: "1d" as const, tags: [index % 2 === 0 ? "even" : "odd"] },
  }));
  const ids = (await server.jobs.later.batchInvoke(items)).map(({ id }) => id).toReversed();
  const odd = ids.filter((_, index) => index % 2 === 0);
  const { runs } = createJobsClient<typeof jobs>({ url: server.url });
  expect(await turnPages((cursor) => runs.list({ ...cursor, limit: 100 }))).toEqual(ids);
  expect(await turnPages((cursor) => runs.list({ ...cursor, limit: 30, tag: "odd", status: "DELAYED" }))).toEqual(odd);
  const overHttp = async (cursor: { readonly cursor?: string }): Promise<Page> => {
    const query = new URLSearchParams({ ...cursor, limit: "90", tag: "odd", job: "later" });
    return (await fetch(`${server.url}/api/v1/runs?${query.toString()}`)).json() as Promise<Page>;
  };
  expect(await turnPages(overHttp)).toEqual(odd);
});
