import { spawn } from "node:child_process";
import { once } from "node:events";
import { text } from "node:stream/consumers";
import { fileURLToPath } from "node:url";
import { expect, test, vi } from "vitest";
import { marksOf, readMarks, startChildServer } from "./children/child-server.ts";
import { gatherer, markedFamilies, sender } from "./children/marked-families.ts";
import { markedJobs, packing } from "./children/marked-jobs.ts";
import { createWorld, type Process, type World } from "./scheduling-world.ts";

/** Starting a process takes its time on a busy machine. */
vi.setConfig({ testTimeout: 60_000 });

const JOBS = [...markedJobs, ...markedFamilies];
const NAMES = ["a", "b", "c", "d", "e"];

/** How often each mark was passed; a step's detail is its idempotency key, so another key would be another mark. */
async function countMarks(path: string): Promise<Record<string, number>> {
  const counts: Record<string, number> = {};
  for (const mark of await readMarks(path)) counts[mark.trimEnd()] = (counts[mark.trimEnd()] ?? 0) + 1;
  return counts;
}

async function countBoxes(path: string): Promise<Record<string, number>> {
  const marks = Object.entries(await countMarks(path)).filter(([mark]) => mark.startsWith("box "));
  const counts = Object.fromEntries(marks.map(([mark, count]) => [mark.slice(0, "box a".length), count]));
  expect(Object.keys(counts)).toHaveLength(marks.length);
  return counts;
}

/** Runs a family whose first process is killed at a mark; another process goes on. */
async function killFamilyAt(mark: string, job: typeof sender, names: readonly string[]) {
  const world = await createWorld(JOBS);
  const reader = await world.start({ concurrency: 0, startAt: Date.now() });
  await using first = await startChildServer({ path: world.path, stayAt: mark });
  const { id } = await reader.use(job).invoke({ names: [...names], marks: marksOf(world.path) });
  await first.untilLine(mark);
  if (mark.startsWith("box ")) await othersHaveEnded(reader, id, mark.slice("box ".length));
  await first.kill();
  await using _ = await startChildServer({ path: world.path });
  const output = await reader.use(job).run(id).output();
  return { world, reader, id, output };
}

/** Until all children but the named one have ended. */
async function othersHaveEnded(reader: Process, parentId: string, name: string): Promise<void> {
  const { runs } = await reader.engine.listRuns({ parent: parentId });
  for (const { id } of runs) {
    const { payload } = await reader.engine.readRun(id);
    if ((payload as { readonly name: string }).name !== name) await reader.use(packing).run(id).output();
  }
}

async function expectEachEndedOnce({ reader, id }: Awaited<ReturnType<typeof killFamilyAt>>, children: number) {
  const { runs } = await reader.engine.listRuns({ limit: 100 });
  expect(runs.filter(({ parentRunId }) => parentRunId === id)).toHaveLength(children);
  expect(runs).toHaveLength(children + 1);
  for (const run of runs) {
    const events = await reader.eventsOf(run.id);
    expect(events.filter((event) => event.type === "status" && event.status === "SUCCESS")).toHaveLength(1);
  }
}

const boxedOnce = Object.fromEntries(NAMES.map((name) => [`box ${name}`, 1]));

test("B10 a process killed in the moment of the acknowledgement still has its run executed by the next", async () => {
  await using world: World = await createWorld(JOBS);
  const script = fileURLToPath(new URL("./children/invoke-and-die.ts", import.meta.url));
  const flags = ["--conditions=@beckon/source", "--disable-warning=ExperimentalWarning", script, world.path];
  const child = spawn(process.execPath, flags, { stdio: ["ignore", "pipe", "inherit"] });
  const [printed, ending] = await Promise.all([text(child.stdout), once(child, "exit")]);
  expect(ending).toEqual([null, "SIGKILL"]);
  const id = printed.trim();
  const successor = await world.start();
  expect(await successor.use(packing).run(id).output()).toBe("packed ada");
  expect((await successor.engine.listRuns({})).runs).toHaveLength(1);
});

test("B22 a parent killed after its invokes has exactly one child for each, and gets their results", async () => {
  const family = await killFamilyAt("invoked", sender, NAMES);
  await using world = family.world;
  expect(family.output).toEqual(NAMES.map((name) => `packed ${name}`));
  await expectEachEndedOnce(family, 5);
  expect(await countMarks(world.path)).toMatchObject({ noted: 1 });
});

test("B27 a server killed while a parent waits is followed by one in which the parent resumes, once", async () => {
  const family = await killFamilyAt("box a", sender, ["a"]);
  await using world = family.world;
  expect(family.output).toEqual(["packed a"]);
  await expectEachEndedOnce(family, 1);
  expect(await countMarks(world.path)).toMatchObject({ noted: 1 });
  expect(await countBoxes(world.path)).toEqual({ "box a": 2 });
});

for (const [mark, boxes] of Object.entries({
  begin: boxedOnce,
  "box c": { ...boxedOnce, "box c": 2 },
  gathered: boxedOnce,
})) {
  test(`B31 a process killed at "${mark}" of a batchInvokeAndWait runs no item twice, and every result arrives`, async () => {
    const family = await killFamilyAt(mark, gatherer, NAMES);
    await using world = family.world;
    expect(family.output).toEqual(NAMES.map((name) => `packed ${name}`));
    await expectEachEndedOnce(family, 5);
    expect(await countMarks(world.path)).toMatchObject({ noted: 1 });
    expect(await countBoxes(world.path)).toEqual(boxes);
  });
}
