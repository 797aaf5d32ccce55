import type { ClaimedRun, NewRun, Settlement, Store, TaskRecord, WaitTarget } from "@beckon/engine";
import { expect, test } from "vitest";
import { openSqliteStore } from "./open-sqlite-store.ts";
import { MAIL, newRun, toRequest } from "./testing/new-run.ts";
import { countRollbacks } from "./testing/store-doors.ts";
import { endedTask, taskRecord, toWrites } from "./testing/task-records.ts";

const COUNT = 40;

async function openStore(): Promise<Store & AsyncDisposable> {
  const store = await openSqliteStore({ path: ":memory:" });
  await store.openWorker({ workerId: "mailer", jobs: [MAIL], now: 0 });
  return Object.assign(store, { [Symbol.asyncDispose]: () => store.close() });
}

async function startMany(store: Store, fields: Partial<NewRun> = {}): Promise<readonly ClaimedRun[]> {
  await store.createRuns(toRequest(...Array.from({ length: COUNT }, () => newRun(fields))));
  return claim(store);
}

function claim(store: Store): Promise<readonly ClaimedRun[]> {
  return store.claimRuns({ workerId: "mailer", limit: COUNT, now: 0 });
}

const waiting = (id: string, wait: WaitTarget): TaskRecord =>
  taskRecord(id, { kind: "wait", status: "WAITING", wait, wakeAt: 9_999 });

/** A step, and what else is written with it. */
type Note = TaskRecord & { readonly payload?: string | null };

/** One request for each run, all in one turn. */
function record(store: Store, runs: readonly ClaimedRun[], { payload = null, ...task }: Note) {
  return Promise.all(
    runs.map(({ claim: own }) => {
      const writes = [{ ...toWrites(own, task), payload }];
      return store.recordSteps({ writes, now: 2 });
    }),
  );
}

async function settle(store: Store, runs: readonly ClaimedRun[], end: object = SUCCESS): Promise<unknown> {
  const outcomes = await Promise.all(
    runs.map(({ claim: own }) => {
      const settlement = { claim: own, executedMs: 1, events: [], statuses: [], ...end } as unknown as Settlement;
      return store.settleRuns({ settlements: [settlement], now: 2 });
    }),
  );
  return [...new Set(outcomes.flat())];
}

const SUCCESS = { kind: "end", status: "SUCCESS", output: "1", error: null, isStillRunning: false };

interface Life {
  readonly fields?: Partial<NewRun>;
  /** Gives the claims by which the runs end. */
  readonly live: (store: Store, runs: readonly ClaimedRun[]) => Promise<readonly ClaimedRun[]>;
}

/** What makes runs, or their steps, less plain than others that look alike. */
const LIVES: Readonly<Record<string, Life>> = {
  "a step that takes longer than a turn": {
    live: async (store, runs) => {
      await record(store, runs, taskRecord("a"));
      await record(store, runs, endedTask("a"));
      return runs;
    },
  },
  "a step that another execution began": {
    live: async (store, runs) => {
      await record(store, runs, taskRecord("a"));
      await settle(store, runs, { kind: "give-back" });
      const again = await claim(store);
      await record(store, again, endedTask("a"));
      return again;
    },
  },
  "a wait that is left": {
    live: async (store, runs) => {
      await record(store, runs, waiting("w", { kind: "time" }));
      return runs;
    },
  },
  "a wait that another execution left": {
    live: async (store, runs) => {
      await record(store, runs, waiting("w", { kind: "time" }));
      await settle(store, runs, { kind: "give-back" });
      return claim(store);
    },
  },
  "a payload that grew": {
    live: async (store, runs) => {
      await record(store, runs, { ...endedTask("a"), payload: "x".repeat(9_999) });
      return runs;
    },
  },
  "a large input": { fields: { input: "x".repeat(9_999) }, live: async (_store, runs) => runs },
  "somebody who is to be told": { fields: { hasHooks: true }, live: async (_store, runs) => runs },
  "somebody who waits for some of them": {
    live: async (store, [waiter, ...others]) => {
      const runIds = others.slice(5, 9).map(({ run }) => run.id);
      if (waiter !== undefined) await record(store, [waiter], waiting("r", { kind: "runs", runIds }));
      return others;
    },
  },
};

test.each(Object.entries(LIVES))("no transaction is taken back for runs with %s", async (_name, { fields, live }) => {
  await using store = await openStore();
  const runs = await live(store, await startMany(store, fields));
  expect(await settle(store, runs)).toEqual(["settled"]);
  expect(countRollbacks(store)).toBe(0);
});

test("where one is taken back, the others are done all the same", async () => {
  await using store = await openStore();
  const runs = await startMany(store);
  const [canceled] = runs;
  await store.cancelRun({ runId: canceled?.run.id ?? "", now: 1 });
  const outcomes = await record(store, runs, endedTask("a"));
  expect(outcomes.flat().map(({ kind }) => kind)).toEqual(["lost", ...runs.slice(1).map(() => "recorded")]);
  expect(countRollbacks(store)).toBe(1);
});
