import { setTimeout as pause } from "node:timers/promises";
import { closeWorld, finishOne, invokeSleepers, openWorld } from "./jobs.ts";

/*
 * One measured process: `subject.ts MODE FILE COUNT`. Prints its figures as JSON.
 *   park     executes COUNT runs until they wait
 *   finish   executes COUNT runs that do the same and end: what such a burst costs when nothing stays
 *   restart  opens the file as it is
 */
const [mode = "", path = "", count = "0"] = process.argv.slice(2);
const QUIET_MS = 3_000;

const startedAt = performance.now();
const world = await openWorld(path);
await finishOne(world);
const firstRunMs = performance.now() - startedAt;
if (mode !== "restart") {
  await invokeSleepers(world, Number(count), mode === "park");
  for (;;) {
    const live = (await world.store.listJobFacts()).find(({ id }) => id === "sleeper")?.live;
    if (live && live.QUEUED + live.EXECUTING === 0) break;
    await pause(50);
  }
}
globalThis.gc?.();
const cpu = process.cpuUsage();
await pause(QUIET_MS);
const { user, system } = process.cpuUsage(cpu);
const figures = {
  residentMb: process.memoryUsage.rss() / 1_048_576,
  heapMb: process.memoryUsage().heapUsed / 1_048_576,
  cpuPercent: ((user + system) / 1_000 / QUIET_MS) * 100,
  firstRunMs,
};
process.stdout.write(`${JSON.stringify(figures)}\n`);
await closeWorld(world);
