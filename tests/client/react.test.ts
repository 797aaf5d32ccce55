import { createJobsClient } from "@beckon/client";
import { useInvoke, useRun } from "@beckon/client/react";
import { BeckonClient, invokeTrigger, type Run } from "@beckon/core";
import { startTestServer } from "@beckon/server/testing";
import {
  dehydrate,
  type DehydratedState,
  HydrationBoundary,
  QueryClient,
  QueryClientProvider,
  useQueryClient,
} from "@tanstack/react-query";
import { createElement, Fragment, type FunctionComponent } from "react";
import { expect, test } from "vitest";
import { z } from "zod";
import { quickTime } from "./quick-time.ts";
import { openPage } from "./react-page.ts";
import { hangUp, result as answer, startScriptedServer } from "./scripted-server.ts";

const client = new BeckonClient({ id: "tests" });
const importRows = client.defineJob({
  id: "import-rows",
  name: "Import rows",
  version: "1.0.0",
  trigger: invokeTrigger({ schema: z.object({ rows: z.number() }) }),
  errors: { EMPTY: z.object({ file: z.string() }) },
  run: async ({ rows }, io, ctx) => {
    if (rows === 0) throw ctx.errors.EMPTY({ file: "a.csv" });
    const progress = await io.createStatus("rows", { label: "0 rows", state: "loading" });
    io.logger.info("reading");
    await io.runTask("read", () => rows);
    await progress.update("half", { label: `${rows / 2} rows` });
    await io.waitForSignal("approval", "approved");
    await progress.update("all", { label: `${rows} rows`, state: "success" });
    return { imported: new Map([["rows", rows]]) };
  },
});
const secondTime = client.defineJob({
  id: "second-time",
  name: "Succeeds the second time",
  version: "1.0.0",
  trigger: invokeTrigger(),
  run: async (_payload, _io, { run }) => {
    if (run.attempt === 1) throw new Error("no");
    return "done";
  },
});
const jobs = { importRows, secondTime };
type Beckon = ReturnType<typeof createJobsClient<typeof jobs>>;

function show(...lines: readonly unknown[]) {
  return createElement("p", null, lines.map(String).join(" | "));
}

function outcomeOf(
  result: ReturnType<typeof useRun<{ imported: Map<string, number> }, { code: "EMPTY" }>>["result"],
): string {
  if (result === null) return "no result";
  return result.ok ? `imported ${result.output.imported.get("rows")}` : result.error.code;
}

/** A page as people write it: a button that invokes, and what comes of it. */
function createImportPage(beckon: Beckon, rows: number) {
  return function ImportPage() {
    const invoke = useInvoke(beckon.importRows, (payload) => ({ tags: [`rows:${payload.rows}`] }));
    const { status, statuses, tasks, logs, result, error } = useRun(invoke.data);
    return createElement(
      Fragment,
      null,
      createElement("button", { onClick: () => invoke.mutate({ rows }) }, "Import"),
      show(
        invoke.status,
        status,
        statuses.map(({ label }) => label),
        tasks.map((task) => `${task.name} ${task.status}`),
        logs.map(({ message }) => message),
        outcomeOf(result),
        error,
      ),
    );
  };
}

test("a page invokes a job and shows the run live, up to its typed result", async () => {
  await using server = await startTestServer({ jobs });
  const beckon = createJobsClient<typeof jobs>({ url: server.url });
  await using page = await openPage(createImportPage(beckon, 10));
  await expect.poll(() => page.text()).toContain("idle | null |  |  |  | no result | null");

  page.click("Import");
  await expect
    .poll(() => page.text())
    .toMatch(/success \| WAITING \| 5 rows \| .*read SUCCESS.* \| reading \| no result \| null/);
  const { runs } = await beckon.runs.list({ tag: "rows:10" });
  expect(runs).toHaveLength(1);

  await beckon.runs.sendSignal({ name: "approved" });
  await expect.poll(() => page.text()).toMatch(/SUCCESS \| 10 rows \| .* \| imported 10 \| null/);
});

test("a failed run is shown with its error", async () => {
  await using server = await startTestServer({ jobs });
  await using page = await openPage(createImportPage(createJobsClient<typeof jobs>({ url: server.url }), 0));
  await expect.poll(() => page.text()).toContain("idle");
  page.click("Import");
  await expect.poll(() => page.text()).toContain("FAILURE |  |  |  | EMPTY | null");
});

test("a refused invocation is the mutation's error", async () => {
  await using server = await startTestServer({ jobs });
  const beckon = createJobsClient<typeof jobs>({ url: server.url });
  await using page = await openPage(createImportPage(beckon, "many" as never));
  await expect.poll(() => page.text()).toContain("idle");
  page.click("Import");
  await expect.poll(() => page.text()).toContain("error | null");
});

test("B17 a mutation that TanStack makes again is the same invocation, and the next one another", async () => {
  quickTime();
  await using server = await startScriptedServer(...Array.from({ length: 5 }, () => () => hangUp), () =>
    answer({ id: "run_1" }),
  );
  const beckon = createJobsClient<typeof jobs>({ url: server.url });
  let asked = 0;
  const Button = () => {
    const invoke = useInvoke(beckon.secondTime, () => ({ tags: [`asked ${(asked += 1)}`] }));
    return createElement(
      Fragment,
      null,
      createElement("button", { onClick: () => invoke.mutate({}) }, "Go"),
      show(invoke.status),
    );
  };
  const queries = new QueryClient({ defaultOptions: { mutations: { retry: 3, retryDelay: 1 } } });
  await using page = await openPage(() =>
    createElement(QueryClientProvider, { client: queries }, createElement(Button)),
  );
  await expect.poll(() => page.text()).toContain("idle");
  page.click("Go");
  await expect.poll(() => page.text()).toContain("success");
  page.click("Go");
  await expect.poll(() => server.requests.length).toBe(7);
  const inputs = server.requests.map(({ input }) => input as { readonly requestId: string; readonly options: object });
  const [first, last] = [inputs[0], inputs[6]];
  expect(inputs.slice(0, 6)).toEqual(Array.from({ length: 6 }, () => first));
  expect([first?.options, last?.options]).toEqual([{ tags: ["asked 1"] }, { tags: ["asked 2"] }]);
  expect(last?.requestId).not.toBe(first?.requestId);
});

test("components that watch one run share one stream, and the last that leaves closes it", async () => {
  await using server = await startTestServer({ jobs });
  const open = new Set<AbortSignal>();
  let [streams, polls] = [0, 0];
  const watching: typeof fetch = async (input, init) => {
    const url = String(input instanceof Request ? input.url : input);
    if (url.includes(".result")) polls += 1;
    const response = await fetch(input, init);
    if (!url.includes("runs.events")) return response;
    streams += 1;
    const { signal } = init ?? {};
    if (signal) open.add(signal).size satisfies number;
    signal?.addEventListener("abort", () => open.delete(signal));
    return response;
  };
  const beckon = createJobsClient<typeof jobs>({ url: server.url, fetch: watching });
  const run = await beckon.importRows.invoke({ rows: 10 });
  const Watcher = () => show(useRun(run).status);
  await using page = await openPage(() =>
    createElement(Fragment, null, createElement(Watcher), createElement(Watcher)),
  );
  await expect.poll(() => page.text()).toBe("WAITINGWAITING");
  expect([streams, open.size]).toEqual([1, 1]);
  page.unmount();
  await expect.poll(() => open.size).toBe(0);
  // Whatever would be asked at the end of the stream is asked before the answer to this.
  await beckon.runs.get({ id: run.id });
  expect(polls).toBe(0);
});

test("a run that cannot be watched is an error", async () => {
  await using server = await startTestServer({ jobs });
  const run = createJobsClient<typeof jobs>({ url: server.url }).importRows.run("run_none");
  await using page = await openPage(() => show(useRun(run).error));
  await expect.poll(() => page.text()).toContain('NotFoundError: There is no run "run_none" here');
});

test("a page that comes back with what it knew of a run goes on, and asks no more about one that has ended", async () => {
  await using server = await startTestServer({ jobs });
  const beckon = createJobsClient<typeof jobs>({ url: server.url });
  const run = await beckon.importRows.invoke({ rows: 10 });
  const { openWith, keep, isFetching } = createVisits(() => {
    const { status, result } = useRun(run);
    return show(status, result === null ? "no result" : result.status);
  });

  await using first = await openWith(null);
  await expect.poll(() => first.text()).toBe("WAITING | no result");
  const halfway = keep();
  first.unmount();
  await using second = await openWith(halfway);
  expect((await beckon.runs.sendSignal({ name: "approved" })).outcome).toBe("delivered");
  await expect.poll(() => second.text()).toBe("SUCCESS | SUCCESS");
  const whole = keep();
  second.unmount();
  await server.stop();
  await using third = await openWith(whole);
  await expect.poll(() => third.text()).toBe("SUCCESS | SUCCESS");
  expect(isFetching()).toBe(false);
});

test("a run that failed is asked about again by a page that comes back, as it may have been retried", async () => {
  await using server = await startTestServer({ jobs });
  const asked: string[] = [];
  const counting: typeof fetch = (input, init) => {
    asked.push(String(input instanceof Request ? input.url : input));
    return fetch(input, init);
  };
  const beckon = createJobsClient<typeof jobs>({ url: server.url, fetch: counting });
  const run = await beckon.secondTime.invoke({});
  const shown = new Set<string>();
  const { openWith, keep, isFetching } = createVisits(() => {
    const { status, result } = useRun(run);
    const text = `${status} | ${result?.status}`;
    shown.add(text);
    return show(text);
  });

  await using first = await openWith(null);
  await expect.poll(() => first.text()).toBe("FAILURE | FAILURE");
  const failed = keep();
  first.unmount();
  shown.clear();
  asked.length = 0;
  await using second = await openWith(failed);
  await expect.poll(() => [asked.length, isFetching()]).toEqual([1, false]);
  expect(asked[0]).toContain("secondTime.result");
  expect([...shown]).toEqual(["FAILURE | FAILURE"]);
  second.unmount();
  await beckon.runs.retry({ id: run.id });
  expect(await run.output()).toBe("done");
  await using third = await openWith(failed);
  await expect.poll(() => third.text()).toBe("SUCCESS | SUCCESS");
});

/** Visits of a page, each of which may begin with what an earlier one knew. */
function createVisits(component: FunctionComponent) {
  let cache: QueryClient | undefined;
  const Visit = () => {
    cache = useQueryClient();
    return createElement(component);
  };
  return {
    openWith: (known: DehydratedState | null) =>
      openPage(() => createElement(HydrationBoundary, { state: known }, createElement(Visit))),
    // As a cache is kept between two visits.
    keep: (): DehydratedState => JSON.parse(JSON.stringify(cache && dehydrate(cache))),
    isFetching: () => cache?.isFetching() !== 0,
  };
}

test("what has come is not looked through again with each event: a run may log thousands", async () => {
  let looks = 0;
  const logged = () => ({
    get rows() {
      looks += 1;
      return 10;
    },
  });
  const run: Run<string> = {
    ...createJobsClient<typeof jobs>({ url: "http://127.0.0.1:1" }).importRows.run("run_1"),
    async *events() {
      const event = { type: "log", at: new Date(0), level: "info", message: "reading", taskId: null } as const;
      for (let seq = 1; seq <= 1_100; seq += 1) yield { ...event, seq, data: logged() };
    },
    result: () => Promise.reject(new Error("nobody knows")),
    output: () => Promise.reject(new Error("nobody knows")),
  };
  await using page = await openPage(() => {
    const { logs, error } = useRun(run);
    return show(logs.length, error?.message);
  });
  await expect.poll(() => page.text()).toBe("1000 | nobody knows");
  expect(looks).toBe(0);
});
