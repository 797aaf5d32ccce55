import type { NewRun, Store } from "@beckon/engine";
import { expect, test } from "vitest";
import { openSqliteStore } from "./open-sqlite-store.ts";
import { MAIL, newRun, toRequest } from "./testing/new-run.ts";

function nameJobs(count: number): readonly string[] {
  return Array.from({ length: count }, (_, index) => `job-${String(index).padStart(4, "0")}`);
}

async function openWorker(store: Store, workerId: string, jobIds: readonly string[]): Promise<void> {
  await store.openWorker({ workerId, jobs: jobIds.map((id) => ({ ...MAIL, id })), now: 0 });
}

/** The order of all lines together, said plainly. */
function byTurn(one: NewRun, other: NewRun): number {
  return other.priority - one.priority || one.createdAt - other.createdAt || (one.id < other.id ? -1 : 1);
}

const NOW = 10_000;

/** Runs of these jobs in turn, of four priorities, several of each instant. Of some `NOW` is too late, others wait longer. */
async function makeRuns(store: Store, jobIds: readonly string[], count: number): Promise<readonly NewRun[]> {
  const runs = Array.from({ length: count }, (_, index) =>
    newRun({
      jobId: jobIds[(index * 7) % jobIds.length] ?? "",
      priority: (index * 5) % 4,
      createdAt: Math.floor(((index * 11) % count) / 6),
      ttlMs: [1, null, null, NOW][index % 11] ?? null,
    }),
  );
  for (const [now, batch] of Map.groupBy(runs, ({ createdAt }) => createdAt))
    await store.createRuns({ ...toRequest(...batch), now });
  return runs;
}

/** What a claim is to give: what is claimed ahead has no ttl, and is not looked for at any cost. */
function expectClaim(mine: readonly NewRun[], limit: number, ahead: number): readonly NewRun[] {
  const free = mine.slice(limit, limit + ahead + 100).filter(({ ttlMs }) => ttlMs === null);
  return [...mine.slice(0, limit), ...free.slice(0, ahead)];
}

const REQUESTS = [
  { limit: 1, ahead: 0 },
  { limit: 3, ahead: 40 },
  { limit: 25, ahead: 0 },
  { limit: 140, ahead: 10 },
  { limit: 2, ahead: 2 },
];

const JOBS: Readonly<Record<string, readonly string[]>> = {
  "three jobs": nameJobs(3),
  "many jobs": nameJobs(40),
  "more jobs than a statement may merge": nameJobs(600),
};

test.for(Object.entries(JOBS))(
  "runs of %s are claimed by turns, each by a worker that has its job",
  async ([, all]) => {
    const store = await openSqliteStore({ path: ":memory:" });
    const workers = {
      all: all.toReversed(),
      "every other": all.filter((_, index) => index % 2 === 0),
      "the last": [...all.slice(-1), "job-none"],
      none: ["a-job", "job-none", "z-job"],
    };
    for (const [workerId, jobIds] of Object.entries(workers)) await openWorker(store, workerId, jobIds);
    let left = (await makeRuns(store, all, 1_500)).filter(({ ttlMs }) => ttlMs !== 1).toSorted(byTurn);
    for (let turn = 0; left.length > 0; turn += 1) {
      const [workerId, jobIds] = Object.entries(workers)[turn % 4] ?? ["", []];
      const { limit, ahead } = REQUESTS[turn % REQUESTS.length] ?? { limit: 1, ahead: 0 };
      const own = new Set(jobIds);
      const mine = left.filter(({ jobId }) => own.has(jobId));
      const expected = expectClaim(mine, limit, ahead).toSorted(byTurn);
      const claimed = await store.claimRuns({ workerId, limit, ahead, now: NOW });
      expect(claimed.map(({ run }) => run.id)).toEqual(expected.map(({ id }) => id));
      const taken = new Set(expected);
      left = left.filter((run) => !taken.has(run));
    }
    await store.close();
  },
);
