import { canTransition, type RunStatus, TRANSITIONS, type TransitionName } from "@beckon/core/runtime";
import { expect } from "vitest";
import type { Claim } from "../store/records.ts";
import type { Cases } from "./cases.ts";
import { NOTHING, type Scene } from "./scene.ts";
import { waitForSignal } from "./task-records.ts";

const DAY_MS = 86_400_000;
const TTL_MS = 1_000;

/** A run that somebody tries to move, and the last claim it had. */
interface Subject {
  readonly id: string;
  readonly claim: Claim;
}

/** How each change of status is tried, whatever the status is. */
const ATTEMPTS: Readonly<Record<TransitionName, (scene: Scene, subject: Subject) => Promise<unknown>>> = {
  "become due": (scene) => scene.advance(DAY_MS),
  claim: (scene) => scene.claim(),
  park: (scene, { claim }) => scene.settle({ claim, ...NOTHING, kind: "park", taskIds: ["s"] }),
  wake: (scene, { id }) => scene.store.sendSignal({ signal: { name: "go", id, payload: "p" }, now: scene.now }),
  "give back": (scene, subject) => scene.giveBack(subject),
  "back off": (scene, subject) => scene.backOff(subject, scene.now + 1),
  succeed: (scene, subject) => scene.succeed(subject),
  fail: (scene, subject) => scene.fail(subject),
  "time out": (scene, subject) => scene.end(subject, "TIMED_OUT"),
  expire: (scene) => scene.advance(TTL_MS),
  cancel: (scene, { id }) => scene.cancel(id),
  "retry by hand": (scene, { id }) => scene.retry(id),
};

/** How a run is brought into each status. */
const APPROACHES: Readonly<Record<RunStatus, (scene: Scene, ttlMs: number | null) => Promise<Subject>>> = {
  DELAYED: async (scene, ttlMs) => unclaimed(await scene.invoke({ startAt: scene.now + DAY_MS, ttlMs })),
  QUEUED: async (scene, ttlMs) => unclaimed(await scene.invoke({ ttlMs })),
  EXECUTING: (scene, ttlMs) => start(scene, ttlMs),
  WAITING: async (scene, ttlMs) => {
    const subject = await start(scene, ttlMs);
    await scene.settle({ claim: subject.claim, ...NOTHING, kind: "park", taskIds: ["s"] });
    return subject;
  },
  SUCCESS: (scene) => startAndThen(scene, (subject) => scene.succeed(subject)),
  FAILURE: (scene) => startAndThen(scene, (subject) => scene.fail(subject)),
  TIMED_OUT: (scene) => startAndThen(scene, (subject) => scene.end(subject, "TIMED_OUT")),
  CANCELED: (scene) => startAndThen(scene, ({ id }) => scene.cancel(id)),
  EXPIRED: async (scene) => {
    const subject = unclaimed(await scene.invoke({ ttlMs: TTL_MS }));
    await scene.advance(TTL_MS);
    return subject;
  },
};

function unclaimed(id: string): Subject {
  return { id, claim: { runId: id, lease: 0 } };
}

/** It has recorded the wait it would park on. */
async function start(scene: Scene, ttlMs: number | null): Promise<Subject> {
  const { claim, run } = await scene.start({ ttlMs });
  await scene.record({ claim }, { tasks: [waitForSignal("s", { name: "go", id: run.id })] });
  return { id: run.id, claim };
}

async function startAndThen(scene: Scene, act: (subject: Subject) => Promise<unknown>): Promise<Subject> {
  const subject = await start(scene, null);
  await act(subject);
  return subject;
}

/** It leads where the table says, from where the table says and from nowhere else. */
async function proveTransition(scene: Scene, { name, to }: (typeof TRANSITIONS)[number]): Promise<void> {
  for (const [status, approach] of Object.entries(APPROACHES)) {
    const subject = await approach(scene, name === "expire" ? TTL_MS : null);
    expect(await scene.statusOf(subject.id)).toBe(status);
    await ATTEMPTS[name](scene, subject);
    const expected = canTransition(name, status as RunStatus) ? to : status;
    expect([status, name, await scene.statusOf(subject.id)]).toEqual([status, name, expected]);
    await scene.cancel(subject.id);
  }
}

/** One case for each row of the table. */
export const transitionCases: Cases = Object.fromEntries(
  TRANSITIONS.map((transition) => [
    `"${transition.name}" leads to ${transition.to}, from ${transition.from.join(", ")} alone`,
    (scene: Scene) => proveTransition(scene, transition),
  ]),
);
