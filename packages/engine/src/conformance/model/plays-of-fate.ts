import { isTerminal } from "@beckon/core/runtime";
import { expect } from "vitest";
import { pick, type Play } from "./command.ts";
import type { LimitId, Model, ModelRun } from "./model.ts";
import { claim } from "./plays-of-workers.ts";

const POISON_AFTER = 3;

export function passTime(ms: number, desk: number): Play {
  return {
    name: `pass ${ms} ms, told to desk ${desk}`,
    isPossible: () => true,
    run: async (model, real) => {
      model.passTime(ms);
      await real.desk(desk).store.advanceTime({ now: model.now, limit: 1_000 });
    },
  };
}

export function cancel(index: number, desk: number): Play {
  return {
    name: `cancel run ${index} through desk ${desk}`,
    isPossible: (model) => model.runs.size > 0,
    run: async (model, real) => {
      const run = pick(model.all(), index);
      const answer = await real.desk(desk).store.cancelRun({ runId: run.id, now: model.now });
      if (isTerminal(run.status)) {
        expect(answer).toEqual({ kind: "finished", status: run.status });
        return;
      }
      const canceled = model.treeOf(run).filter((member) => !isTerminal(member.status));
      const runIds = answer.kind === "canceled" ? answer.runIds : [];
      expect(new Set(runIds)).toEqual(new Set(canceled.map(({ id }) => id)));
      for (const member of canceled) model.end(member, "CANCELED", { isStillRunning: member.status === "EXECUTING" });
    },
  };
}

export function retry(index: number, desk: number): Play {
  return {
    name: `retry run ${index} through desk ${desk}`,
    isPossible: (model) => model.runs.size > 0,
    run: async (model, real) => {
      const run = pick(model.all(), index);
      const answer = await real.desk(desk).store.retryRun({ runId: run.id, now: model.now });
      expect(answer).toEqual(reopen(model, run));
    },
  };
}

function reopen(model: Model, run: ModelRun): unknown {
  if (!isTerminal(run.status) || run.status === "SUCCESS") return { kind: "refused", status: run.status };
  const holder = run.key === null ? undefined : model.keys.get(run.key);
  if (holder !== undefined) return { kind: "key-taken", runId: holder.id };
  if (run.key !== null) model.keys.set(run.key, run);
  run.limitId = model.jobLimits.get(run.jobId) ?? null;
  model.beginAttempt(run);
  model.lineUp(run, model.now);
  if (run.wait !== null) model.beginWait(run, run.wait);
  return { kind: "reopened" };
}

export function setPaused(jobId: string, isPaused: boolean, desk: number): Play {
  return {
    name: `${isPaused ? "pause" : "resume"} ${jobId} through desk ${desk}`,
    isPossible: (model) => model.pausedJobs.has(jobId) !== isPaused,
    run: async (model, real) => {
      await real.desk(desk).store.setJobPaused({ jobId, isPaused, now: model.now });
      if (isPaused) model.pausedJobs.add(jobId);
      else model.pausedJobs.delete(jobId);
    },
  };
}

/** A deploy changes which limit a job has. */
export function changeLimit(jobId: string, limitId: LimitId | null, desk: number): Play {
  return {
    name: `deploy ${jobId} with the limit ${limitId ?? "none"} at desk ${desk}`,
    isPossible: (model) => (model.jobLimits.get(jobId) ?? null) !== limitId,
    run: async (model, real) => {
      model.changeLimit(jobId, limitId);
      await real.redeploy(desk, model);
    },
  };
}

/** A worker's process dies. Its runs are left lying until somebody recovers them. */
export function crash(desk: number): Play {
  return {
    name: `crash the worker at desk ${desk}`,
    isPossible: () => true,
    run: (model, real) => real.crash(desk, model),
  };
}

/** Drawn apart, these hardly ever come together: what the worker claims has seen two crashes then, and so may be a suspect. */
export function crashTwice(desk: number, limit: number): Play {
  const plays = [claim(desk, limit, true), crash(desk), recover(desk)];
  return {
    name: `claim ${limit}, crash and recover at desk ${desk}, twice`,
    isPossible: () => true,
    run: async (model, real) => {
      for (const play of [...plays, ...plays]) await play.run(model, real);
    },
  };
}

export function restart(): Play {
  return {
    name: "kill and restart everything",
    isPossible: () => true,
    run: (model, real) => real.restart(model),
  };
}

export function recover(desk: number): Play {
  return {
    name: `recover at desk ${desk}`,
    isPossible: () => true,
    run: async (model, real) => {
      const request = { now: model.now, poisonAfter: POISON_AFTER, poisonError: "POISONED" };
      const isDead = (workerId: string | null): boolean => workerId !== null && !model.liveWorkers.has(workerId);
      const dead = model.all("EXECUTING").filter((run) => isDead(run.workerId));
      const poisoned = dead.filter((run) => run.crashes + 1 >= POISON_AFTER);
      const counts = { requeued: dead.length - poisoned.length, poisoned: poisoned.length };
      expect(await real.desk(desk).store.recoverRuns(request)).toEqual(counts);
      model.lingering = model.lingering.filter((place) => !isDead(place.workerId));
      for (const run of dead) {
        if (poisoned.includes(run)) {
          model.end(run, "FAILURE");
          continue;
        }
        model.stop(run);
        run.crashes += 1;
        run.status = "QUEUED";
      }
      model.forgetDeadWorkers();
    },
  };
}
