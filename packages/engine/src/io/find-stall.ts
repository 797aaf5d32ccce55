import { isTerminal } from "@beckon/core/runtime";
import type { RunDetail, TaskRecord } from "../store/records.ts";
import type { Store } from "../store/store.ts";

/*
 * Whether a run can ever go on. A wait for runs is over when all of them have ended; a run held back by its limit
 * starts when any holder of a place lets go; whatever waits for time, a signal or a request, or is working, may
 * move. A stall is what is left when all that may move has been taken away.
 */

type StallReads = Pick<Store, "readRun" | "readTasks" | "readQueueFacts">;

/** What is asked of a run: that it ends, or that it leaves the limit's place that it holds. */
interface Demand {
  readonly kind: "end" | "leave";
  readonly runId: string;
  /** Why it is asked, for people. */
  readonly because: string;
}

/** Ways to be met; each is met when all its demands are. */
type Ways = readonly (readonly Demand[])[];

const MAY_MOVE: Ways = [[]];

/** Why a run that waits will wait for ever, link by link; null: it may go on. */
export interface Stall {
  readonly links: readonly string[];
  readonly isCircle: boolean;
}

/** Looks from a waiting run along what it waits for. `places`: also along the limits that hold runs back. */
export async function findStall(
  runId: string,
  store: StallReads,
  { places }: { readonly places: boolean },
): Promise<Stall | null> {
  const start: Demand = { kind: "end", runId, because: "" };
  const known = new Map<string, Ways>();
  const open = [start];
  for (let demand = open.pop(); demand !== undefined; demand = open.pop()) {
    if (known.has(nameOf(demand))) continue;
    const ways = await readWays(demand, store, places);
    known.set(nameOf(demand), ways);
    open.push(...ways.flat());
  }
  const movable = findMovable(known);
  return movable.has(nameOf(start)) ? null : describeStall(start, known, movable);
}

function nameOf({ kind, runId }: Demand): string {
  return `${kind} ${runId}`;
}

function findMovable(known: ReadonlyMap<string, Ways>): ReadonlySet<string> {
  const movable = new Set<string>();
  for (let before = -1; before < movable.size;) {
    before = movable.size;
    for (const [name, ways] of known) {
      if (ways.some((way) => way.every((demand) => movable.has(nameOf(demand))))) movable.add(name);
    }
  }
  return movable;
}

/** Follows the first thing that cannot move, from each run to the next, until a run comes again. */
function describeStall(start: Demand, known: ReadonlyMap<string, Ways>, movable: ReadonlySet<string>): Stall {
  const links: string[] = [];
  const passed = new Set<string>();
  let demand: Demand | undefined = start;
  while (demand !== undefined && !passed.has(demand.runId)) {
    passed.add(demand.runId);
    const next: readonly Demand[] | undefined = known.get(nameOf(demand))?.flat();
    demand = next?.find((one) => !movable.has(nameOf(one)));
    if (demand !== undefined) links.push(demand.because);
  }
  return { links, isCircle: demand?.runId === start.runId };
}

async function readWays(demand: Demand, store: StallReads, places: boolean): Promise<Ways> {
  const run = await store.readRun(demand.runId);
  if (run === null || isTerminal(run.status)) return MAY_MOVE;
  switch (run.status) {
    case "DELAYED":
      return MAY_MOVE;
    case "QUEUED":
      return places && demand.kind === "end" && run.hold === "limit" ? readPlaces(run, store) : MAY_MOVE;
    case "WAITING":
      // A parked run holds no place.
      return demand.kind === "leave" ? MAY_MOVE : waysOut(run, await store.readTasks(run.id));
    case "EXECUTING":
      return run.maxDurationMs === null ? waysOutOfExecution(demand, run, await store.readTasks(run.id)) : MAY_MOVE;
  }
}

async function readPlaces(run: RunDetail, store: StallReads): Promise<Ways> {
  const willExpire = run.startedAt === null && run.expiresAt !== null;
  const limit = willExpire ? undefined : (await store.readQueueFacts(run.id))?.limit;
  if (!limit || limit.taken < limit.max) return MAY_MOVE;
  return limit.heldBy.map((runId) => [
    {
      kind: "leave",
      runId,
      because: `run ${run.id} waits for a place of limit "${limit.id}" (${limit.taken} of ${limit.max} taken), and run ${runId} holds one`,
    },
  ]);
}

/** A run whose function does not work: all it can do is wait, inside tasks or about to park. */
function waysOutOfExecution({ kind }: Demand, run: RunDetail, tasks: readonly TaskRecord[]): Ways {
  const waits = tasks.filter(isWaiting);
  const running = tasks.filter((task) => task.kind === "task" && task.status === "RUNNING");
  const isWorking = running.some(({ id }) => !waits.some((wait) => wait.id.startsWith(`${id}/`)));
  const willPark = running.length === 0;
  return isWorking || (kind === "leave" && willPark) ? MAY_MOVE : waysOut(run, tasks);
}

function waysOut(run: RunDetail, tasks: readonly TaskRecord[]): Ways {
  const waits = tasks.filter(isWaiting);
  return waits.length === 0 ? MAY_MOVE : waits.map((wait) => demandsOf(run, wait));
}

function isWaiting({ status }: TaskRecord): boolean {
  return status === "WAITING";
}

function demandsOf(run: RunDetail, { wait, wakeAt, parentId }: TaskRecord): readonly Demand[] {
  if (wait?.kind !== "runs" || wakeAt !== null) return [];
  const where = parentId === null ? "" : ` inside a task ("${parentId}")`;
  return wait.runIds.map((runId) => ({ kind: "end", runId, because: `run ${run.id} waits${where} for run ${runId}` }));
}
