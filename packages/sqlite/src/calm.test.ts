import type { Claim, ClaimedRun, NewRun, Store } from "@beckon/engine";
import { expect, test } from "vitest";
import { MAIL, newRun, toRequest } from "./testing/new-run.ts";
import { endedTask, taskRecord, toWrites } from "./testing/task-records.ts";
import { createTemporaryDatabase } from "./testing/temporary-database.ts";

/*
 * A plain step is written without looking at its run while that is known to be as its holder left it. Here it is not, each time
 * right after a step for which it was.
 */

async function openScene() {
  const database = await createTemporaryDatabase();
  const [store, other] = [await database.open(), await database.open()];
  await store.openWorker({ workerId: "mailer", jobs: [MAIL], now: 0 });
  return Object.assign(database, { store, other });
}

async function start(store: Store): Promise<ClaimedRun> {
  await store.createRuns(toRequest(newRun()));
  return claimNext(store);
}

async function claimNext(store: Store): Promise<ClaimedRun> {
  const [run] = await store.claimRuns({ workerId: "mailer", limit: 1, now: 0 });
  if (run === undefined) throw new Error("The run was to be claimed.");
  return run;
}

async function record(store: Store, claim: Claim, task = endedTask("a")): Promise<string | undefined> {
  const [outcome] = await store.recordSteps({ writes: [toWrites(claim, task)], now: 2 });
  return outcome?.kind;
}

const settle = (store: Store, claim: Claim, end: object) =>
  store.settleRuns({ settlements: [{ claim, executedMs: 1, events: [], statuses: [], ...end } as never], now: 2 });

const SUCCESS = { kind: "end", status: "SUCCESS", output: "1", error: null, isStillRunning: false };

const STEP = endedTask("b");
const WITH_A_STEP = { tasks: [STEP], events: [{ type: "task", at: 2, task: STEP }] };

interface Stores {
  readonly store: Store;
  readonly other: Store;
}

const LOSSES: Readonly<Record<string, (stores: Stores, run: ClaimedRun) => Promise<unknown>>> = {
  "it was canceled": ({ store }, { run }) => store.cancelRun({ runId: run.id, now: 2 }),
  "another process has canceled it": ({ other }, { run }) => other.cancelRun({ runId: run.id, now: 2 }),
  "it has ended": ({ store }, { claim }) => settle(store, claim, SUCCESS),
  "it has ended in a batch": async ({ store }, { claim }) => {
    const beside = await start(store);
    await Promise.all([settle(store, claim, SUCCESS), settle(store, beside.claim, SUCCESS)]);
  },
  "it was given back": ({ store }, { claim }) => settle(store, claim, { kind: "give-back" }),
  "it has ended with a step": ({ store }, { claim }) => settle(store, claim, { ...SUCCESS, ...WITH_A_STEP }),
  "it was given back with a step": ({ store }, { claim }) =>
    settle(store, claim, { kind: "give-back", ...WITH_A_STEP }),
  "another process has written a step of it and canceled it": async ({ other }, { claim, run }) => {
    await record(other, claim, endedTask("b"));
    await other.cancelRun({ runId: run.id, now: 2 });
  },
  "it was given back and claimed anew": async ({ store }, { claim }) => {
    await settle(store, claim, { kind: "give-back" });
    await claimNext(store);
  },
};

test.for(Object.entries(LOSSES))("no step of a run is recorded after %s", async ([, lose]) => {
  await using scene = await openScene();
  const run = await start(scene.store);
  expect(await record(scene.store, run.claim)).toBe("recorded");
  await lose(scene, run);
  expect(await record(scene.store, run.claim, endedTask("late"))).toBe("lost");
  const tasks = await scene.store.readTasks(run.run.id);
  expect(tasks.map(({ id }) => id)).not.toContain("late");
});

test("nor in the very turn in which it was canceled, beside others that go on", async () => {
  await using scene = await openScene();
  const { store } = scene;
  const [canceled, beside] = [await start(store), await start(store)];
  for (const { claim } of [canceled, beside]) await record(store, claim);
  const [, ...outcomes] = await Promise.all([
    store.cancelRun({ runId: canceled.run.id, now: 2 }),
    record(store, canceled.claim, endedTask("late")),
    record(store, beside.claim, endedTask("b")),
  ]);
  expect(outcomes).toEqual(["lost", "recorded"]);
});

const waiting = taskRecord("w", { kind: "wait", status: "WAITING", wait: { kind: "signal", name: "go", id: null } });
const SIGNAL = { name: "go", id: null, payload: "1" };

function makeChild(
  store: Store,
  claim: Claim,
  { child, awaited }: { readonly child: NewRun; readonly awaited: string },
) {
  const wait = { kind: "runs", runIds: [awaited] } as const;
  const step = taskRecord("child", { kind: "child", status: "WAITING", wait });
  return store.createRuns({ ...toRequest(child), parent: { claim, steps: [step] } });
}

const TELLINGS: Readonly<Record<string, (stores: Stores, run: ClaimedRun) => Promise<unknown>>> = {
  "a signal has come": ({ store }) => store.sendSignal({ signal: SIGNAL, now: 2 }),
  "another process has brought a signal": ({ other }) => other.sendSignal({ signal: SIGNAL, now: 2 }),
  "another run has sent a signal": async ({ store }) => {
    const { claim } = await start(store);
    await store.recordSteps({ writes: [{ ...toWrites(claim, endedTask("a")), signals: [SIGNAL] }], now: 2 });
  },
  "it has sent itself a signal": ({ store }, { claim }) =>
    store.recordSteps({ writes: [{ ...toWrites(claim, endedTask("c")), signals: [SIGNAL] }], now: 2 }),
  "it need not wait for what has come": async ({ store }, { claim }) => {
    await store.sendSignal({ signal: { ...SIGNAL, name: "early" }, now: 2 });
    await record(store, claim, endedTask("c"));
    const early = { ...waiting, id: "e", wait: { kind: "signal", name: "early", id: null } } as const;
    const writes = toWrites(claim, endedTask("d"));
    await store.recordSteps({ writes: [{ ...writes, tasks: [...writes.tasks, early] }], now: 2 });
  },
  "a child of it has ended": async ({ store }, { claim }) => {
    const child = newRun();
    await makeChild(store, claim, { child, awaited: child.id });
    await record(store, claim, endedTask("c"));
    await settle(store, (await claimNext(store)).claim, SUCCESS);
  },
  "it has made a child, and need not wait": async ({ store }, { claim }) => {
    const ended = await start(store);
    await settle(store, ended.claim, SUCCESS);
    await makeChild(store, claim, { child: newRun(), awaited: ended.run.id });
  },
};

test.for(Object.entries(TELLINGS))(
  "B47 each event of a run has a number of its own, also after %s",
  async ([, tell]) => {
    await using scene = await openScene();
    const run = await start(scene.store);
    await record(scene.store, run.claim, waiting);
    expect(await record(scene.store, run.claim)).toBe("recorded");
    await tell(scene, run);
    expect(await record(scene.store, run.claim, endedTask("b"))).toBe("recorded");
    const events = await scene.store.readEvents({ runId: run.run.id, after: 0, limit: 100 });
    expect(events.map(({ seq }) => seq)).toEqual(events.map((_, index) => index + 1));
    expect(events.map((event) => (event.type === "task" ? event.taskId : event.type))).toContain("b");
  },
);
