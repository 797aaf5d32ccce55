import { writeFile } from "node:fs/promises";
import { expect, test, vi } from "vitest";
import { type ChildServer, marksOf, readMarks, startChildServer } from "./children/child-server.ts";
import { markedJobs, napping, order, packing } from "./children/marked-jobs.ts";
import { createWorld, type Process, type World } from "./scheduling-world.ts";

/** Starting a process takes its time on a busy machine. */
vi.setConfig({ testTimeout: 60_000 });

const DAY_MS = 86_400_000;

/** Marks without their details, and how often each was passed. */
async function countMarks(path: string): Promise<Record<string, number>> {
  const counts: Record<string, number> = {};
  for (const line of await readMarks(path)) {
    const mark = line.slice(0, line.lastIndexOf(" "));
    counts[mark] = (counts[mark] ?? 0) + 1;
  }
  return counts;
}

/** A process that makes runs and reads them, and executes none. */
function startReader(world: World, startAt = Date.now()): Promise<Process> {
  return world.start({ concurrency: 0, startAt });
}

async function killAt(mark: string, world: World): Promise<string> {
  const reader = await startReader(world);
  await using child: ChildServer = await startChildServer({ path: world.path, stayAt: mark });
  const { id } = await reader.use(order).invoke({ name: "ada", marks: marksOf(world.path) });
  await child.untilLine(mark);
  await child.kill();
  return id;
}

/** Tasks that had ended before the kill at a mark are passed once, the one in flight twice; code outside of tasks may repeat. */
const KILLS = [
  { mark: "top", tasks: { charge: 1, "box ada": 1, ship: 1 } },
  { mark: "charge", tasks: { charge: 2, "box ada": 1, ship: 1 } },
  { mark: "between", tasks: { charge: 1, "box ada": 1, ship: 1 } },
  { mark: "box ada", tasks: { charge: 1, "box ada": 2, ship: 1 } },
  { mark: "ship", tasks: { charge: 1, "box ada": 1, ship: 2 } },
  { mark: "end", tasks: { charge: 1, "box ada": 1, ship: 1 } },
];

test.each(KILLS)(
  "B33 a process killed at $mark loses no run, ends none twice, and repeats no finished step",
  async ({ mark, tasks }) => {
    await using world = await createWorld(markedJobs);
    const id = await killAt(mark, world);
    await using successor = await startChildServer({ path: world.path });
    const reader = await startReader(world);
    expect(await reader.use(order).run(id).output()).toEqual([42, "packed ada"]);
    expect(await countMarks(world.path)).toMatchObject(tasks);
    // A step that was made twice had the same idempotency key.
    const keyed = (await readMarks(world.path)).filter((line) => /^(charge|box ada|ship) /.test(line));
    expect(new Set(keyed).size).toBe(3);
    const { runs } = await reader.engine.listRuns({});
    expect(runs.map(({ job, status }) => `${job.id} ${status}`).toSorted()).toEqual([
      "order SUCCESS",
      "packing SUCCESS",
    ]);
    for (const run of runs) {
      const ends = (await reader.eventsOf(run.id)).filter(
        (event) => event.type === "status" && event.status === "SUCCESS",
      );
      expect(ends).toHaveLength(1);
    }
    expect(await successor.stop()).toBe(0);
  },
);

test.each([
  { name: "second", ms: 1_000 },
  { name: "week", ms: 7 * DAY_MS },
])(
  "B35 a wait of a $name survives the death of its process, is over when it is due, and fires once",
  async ({ name, ms }) => {
    await using world = await createWorld(markedJobs);
    const reader = await startReader(world);
    const { id } = await reader.use(napping).invoke({ name, marks: marksOf(world.path) });
    const child = await startChildServer({ path: world.path });
    await reader.until(id, "WAITING");
    await child.kill();
    const [wait] = (await reader.engine.readTasks(id)).filter(({ kind }) => kind === "wait");
    const dueAt = wait?.wakeAt?.getTime() ?? 0;
    // The machine's clock may tick between the two instants.
    expect(Math.abs(dueAt - (wait?.startedAt.getTime() ?? 0) - ms)).toBeLessThan(50);

    const successor = await world.start({ startAt: dueAt - 1 });
    await successor.clock.tick();
    expect(await countMarks(world.path)).toEqual({ "lie down": 1 });
    const output = successor.use(napping).run(id).output();
    await successor.clock.advance(1);
    expect(await output).toBe("slept");
    await successor.clock.advance(30 * DAY_MS);
    expect(await countMarks(world.path)).toEqual({ "lie down": 1, "get up": 1 });
  },
);

test("B44 a run whose process died under it five times in a row ends POISONED, and is not started a sixth time", async () => {
  await using world = await createWorld(markedJobs);
  const reader = await startReader(world);
  const { id } = await reader.use(order).invoke({ name: "ada", marks: marksOf(world.path) });
  for (let death = 1; death <= 5; death += 1) {
    expect((await reader.engine.readRun(id)).status).toBe(death === 1 ? "QUEUED" : "EXECUTING");
    await using child = await startChildServer({ path: world.path, stayAt: "charge" });
    await child.untilLine("charge");
  }
  const successor = await world.start();
  expect(await successor.use(order).run(id).result()).toMatchObject({
    ok: false,
    status: "FAILURE",
    error: { code: "POISONED", message: expect.stringContaining("5 times in a row") },
    executionCount: 5,
  });
  expect(await countMarks(world.path)).toEqual({ top: 5, charge: 5 });
});

test("B44 one run that takes five processes with it takes no run with it that was executed beside it", async () => {
  await using world = await createWorld(markedJobs);
  const reader = await startReader(world);
  const marks = marksOf(world.path);
  const bomb = await reader.use(packing).invoke({ name: "bomb", marks });
  const others = await reader
    .use(packing)
    .batchInvoke(Array.from({ length: 9 }, (_, index) => ({ payload: { name: `n${index}`, marks } })));
  for (let death = 1; death <= 5; death += 1) {
    // It holds the event loop, so that nothing beside it comes to its end.
    await using child = await startChildServer({ path: world.path, stayAt: "box bomb", blockUntil: "never" });
    await child.untilLine("box bomb");
  }
  const successor = await world.start();
  expect(await successor.use(packing).run(bomb.id).result()).toMatchObject({ error: { code: "POISONED" } });
  const runs = await Promise.all(others.map(({ id }) => successor.engine.readRun(id)));
  for (const { status, executionCount } of runs) expect([status, executionCount]).toEqual(["SUCCESS", 3]);
});

test("B44 a process that holds its event loop is not taken for dead, and its run is not started a second time", async () => {
  await using world = await createWorld(markedJobs);
  const goOn = `${world.path}.go-on`;
  await using child = await startChildServer({ path: world.path, stayAt: "charge", blockUntil: goOn });
  const reader = await startReader(world);
  const { id } = await reader.use(order).invoke({ name: "ada", marks: marksOf(world.path) });
  await child.untilLine("charge");
  const other = await world.start({ recoveryMs: 5_000, startAt: Date.now() });
  for (let minute = 0; minute < 10; minute += 1) await other.clock.advance(60_000);
  expect(await other.engine.readRun(id)).toMatchObject({ status: "EXECUTING", executionCount: 1 });
  expect(await countMarks(world.path)).toEqual({ top: 1, charge: 1 });
  await writeFile(goOn, "");
  expect(await other.use(order).run(id).output()).toEqual([42, "packed ada"]);
  expect(await countMarks(world.path)).toMatchObject({ charge: 1, "box ada": 1, ship: 1 });
});

test("B44 a suspended process is not taken for dead; the runs of a dead one are taken over within fifteen seconds", async () => {
  await using world = await createWorld(markedJobs);
  await using child = await startChildServer({ path: world.path, stayAt: "charge" });
  const reader = await startReader(world);
  const { id } = await reader.use(order).invoke({ name: "ada", marks: marksOf(world.path) });
  await child.untilLine("charge");
  // With the period that a server has unless told otherwise.
  const watcher = await world.start({ recoveryMs: undefined, startAt: Date.now() });
  child.signal("SIGSTOP");
  await watcher.clock.advance(60_000);
  expect(await watcher.engine.readRun(id)).toMatchObject({ status: "EXECUTING", executionCount: 1 });
  await child.kill();
  const output = watcher.use(order).run(id).output();
  await watcher.clock.advance(15_000);
  expect((await watcher.engine.readRun(id)).executionCount).toBeGreaterThan(1);
  expect(await output).toEqual([42, "packed ada"]);
});
