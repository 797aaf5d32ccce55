import { expect } from "vitest";
import type { Claim, StepWrites } from "../../store/records.ts";
import { CRASHES_AFTER_PROGRESS } from "../../store/suspects.ts";
import { NOTHING, toEnd } from "../scene.ts";
import { failedTask, task, waitForRuns, waitUntil } from "../task-records.ts";
import { pick, type Play } from "./command.ts";
import type { Model, ModelRun } from "./model.ts";
import type { Playground } from "./playground.ts";

const isAnyExecuting = (model: Readonly<Model>): boolean => model.all("EXECUTING").length > 0;

export function claim(desk: number, limit: number, suspect: boolean): Play {
  return {
    name: `claim ${limit} at desk ${desk}${suspect ? ", a suspect among them" : ""}`,
    isPossible: () => true,
    run: async (model, real) => {
      const { store, workerId } = real.desk(desk);
      const claimed = await store.claimRuns({ workerId, limit, suspect, now: model.now });
      const next = suspect ? model.nextSuspect() : undefined;
      // Before the line is looked at: a ready run may have lost its place to it.
      if (next !== undefined && claimed[0] !== undefined) model.start(next, claimed[0].claim, workerId);
      const ready = model.line().filter(({ hold }) => hold === null);
      const expected = [...(next === undefined ? [] : [next]), ...ready.map(({ run }) => run)].slice(0, limit);
      expect(claimed.map(({ run }) => run.id)).toEqual(expected.map(({ id }) => id));
      for (const { claim: good, run, tasks } of claimed) {
        const known = model.runs.get(run.id) as ModelRun;
        model.start(known, good, workerId);
        const steps = tasks.filter(({ kind }) => kind === "task" || kind === "child").map(({ id }) => id);
        expect(new Set(steps)).toEqual(new Set([...known.done, ...known.failed, ...known.children.keys()]));
      }
    },
  };
}

export function recordTask(index: number, isOk: boolean): Play {
  return {
    name: `${isOk ? "finish" : "fail"} a task of executing run ${index}`,
    isPossible: isAnyExecuting,
    run: async (model, real) => {
      const run = pick(model.all("EXECUTING"), index);
      const id = real.mintId("task");
      await record(run, real, { tasks: [isOk ? task(id) : failedTask(id)], now: model.now });
      (isOk ? run.done : run.failed).add(id);
      run.crashes = Math.min(run.crashes, CRASHES_AFTER_PROGRESS);
    },
  };
}

/** A wait is recorded, and the run goes on until it parks on it. */
export function recordWait(index: number, waited: { readonly forRuns: boolean; readonly ms: number | null }): Play {
  return {
    name: `record a wait of executing run ${index} ${JSON.stringify(waited)}`,
    isPossible: isAnyExecuting,
    run: async (model, real) => {
      const run = pick(model.all("EXECUTING"), index);
      const taskId = real.mintId("wait");
      const until = waited.ms === null ? null : model.now + waited.ms;
      const runIds = waited.forRuns || until === null ? [...run.children.values()] : null;
      const step =
        runIds === null
          ? waitUntil(taskId, until ?? 0)
          : waitForRuns(taskId, runIds, { wakeAt: until, childRunId: null });
      await record(run, real, { tasks: [step], now: model.now });
      model.beginWait(run, { taskId, until, runIds, isOver: false });
    },
  };
}

async function record(
  run: ModelRun,
  real: Playground,
  { tasks, now }: Pick<StepWrites, "tasks"> & { readonly now: number },
): Promise<void> {
  const write = { claim: run.claim as Claim, payload: null, tasks, events: [], statuses: [], signals: [] };
  const [outcome] = await real.desk(tasks.length + run.attempt).store.recordSteps({ writes: [write], now });
  expect(outcome?.kind).toBe("recorded");
}

export type Leaving = "succeed" | "fail" | "time out" | "time out, still running" | "park" | "back off" | "give back";

/** An execution ends, through whichever instance. */
export function settle(index: number, how: Leaving, desk: number): Play {
  const candidates = (model: Readonly<Model>): ModelRun[] =>
    model.all("EXECUTING").filter((run) => how !== "park" || run.wait !== null);
  return {
    name: `${how}: executing run ${index} through desk ${desk}`,
    isPossible: (model) => candidates(model).length > 0,
    run: async (model, real) => {
      const run = pick(candidates(model), index);
      const settlement = toSettlement(run, how, model.now);
      expect(await real.desk(desk).store.settleRuns({ settlements: [settlement], now: model.now })).toEqual([
        "settled",
      ]);
      leave(model, run, how);
    },
  };
}

const BACK_OFF_MS = 20;

function toSettlement(run: ModelRun, how: Leaving, now: number): ReturnType<typeof toEnd> {
  const good = run.claim as Claim;
  switch (how) {
    case "succeed":
      return toEnd(good, "SUCCESS");
    case "fail":
      return toEnd(good, "FAILURE");
    case "time out":
    case "time out, still running":
      return toEnd(good, "TIMED_OUT", { isStillRunning: how !== "time out" });
    case "park":
      return { claim: good, ...NOTHING, kind: "park", taskIds: [run.wait?.taskId ?? ""] };
    case "back off":
      return { claim: good, ...NOTHING, kind: "back-off", wakeAt: now + BACK_OFF_MS, error: "e" };
    case "give back":
      return { claim: good, ...NOTHING, kind: "give-back" };
  }
}

function leave(model: Model, run: ModelRun, how: Leaving): void {
  if (how === "succeed") return model.end(run, "SUCCESS");
  if (how === "fail") return model.end(run, "FAILURE");
  if (how === "time out" || how === "time out, still running")
    return model.end(run, "TIMED_OUT", { isStillRunning: how !== "time out" });
  model.stop(run);
  run.crashes = 0;
  run.status = how === "park" && run.wait?.isOver === false ? "WAITING" : "QUEUED";
  if (how !== "back off") return;
  run.status = "DELAYED";
  run.dueAt = model.now + BACK_OFF_MS;
  model.beginAttempt(run);
}

/** Somebody whose claim was lost writes nevertheless, and is refused; its function has settled with that. */
export function writeLate(index: number, desk: number): Play {
  return {
    name: `write late with lost claim ${index} through desk ${desk}`,
    isPossible: (model) => model.lostClaims.length > 0,
    run: async (model, real) => {
      const lost = pick(model.lostClaims, index);
      const { store } = real.desk(desk);
      const write = { claim: lost, payload: null, tasks: [task("late")], events: [], statuses: [], signals: [] };
      expect(await store.recordSteps({ writes: [write], now: model.now })).toEqual([{ kind: "lost" }]);
      expect(await store.settleRuns({ settlements: [toEnd(lost, "SUCCESS")], now: model.now })).toEqual(["lost"]);
      model.lingering = model.lingering.filter((place) => place.claim !== lost);
    },
  };
}

export function release(index: number, desk: number): Play {
  return {
    name: `release lingering function ${index} through desk ${desk}`,
    isPossible: (model) => model.lingering.length > 0,
    run: async (model, real) => {
      const place = pick(model.lingering, index);
      await real.desk(desk).store.releaseRuns({ claims: [place.claim], now: model.now });
      model.lingering = model.lingering.filter((other) => other !== place);
    },
  };
}
