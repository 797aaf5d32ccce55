import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { readFile } from "node:fs/promises";
import { expect, onTestFinished, test } from "vitest";
import { goOn, halt } from "./halt.ts";
import { endProcess, pidOf } from "./service.ts";

const PARENT = `
  const { spawn } = require("node:child_process");
  const child = spawn(process.execPath, ["-e", "setInterval(() => {}, 1000)"]);
  process.on("SIGTERM", () => { child.on("exit", () => process.exit(0)); child.kill(); });
  console.log(child.pid);
`;

/** A process that has started another, as the servers of some peers do. */
async function startFamily(): Promise<{ readonly parent: ChildProcess; readonly pids: readonly number[] }> {
  const parent = spawn(process.execPath, ["-e", PARENT], { stdio: ["ignore", "pipe", "inherit"] });
  onTestFinished(async () => {
    goOn(pidOf(parent));
    await endProcess(parent);
  });
  const [line] = (await once(parent.stdout, "data")) as [Buffer];
  return { parent, pids: [pidOf(parent), Number(line.toString())] };
}

/** "T" for a halted one. */
async function readStates(pids: readonly number[]): Promise<readonly (string | undefined)[]> {
  return Promise.all(pids.map(async (pid) => (await readFile(`/proc/${pid}/stat`, "utf8")).split(") ")[1]?.[0]));
}

test("a halted process takes no time, nor does what it started, until it may go on", async () => {
  const { parent, pids } = await startFamily();
  halt(pidOf(parent));
  await expect.poll(() => readStates(pids)).toEqual(["T", "T"]);
  expect(goOn(pidOf(parent))).toBe(true);
  await expect.poll(() => readStates(pids)).not.toContain("T");
  expect(goOn(pidOf(parent))).toBe(false);
});

test("of a process that has ended nothing is halted, and ending it again does not wait", async () => {
  const { parent, pids } = await startFamily();
  await endProcess(parent);
  halt(pidOf(parent));
  expect(goOn(pidOf(parent))).toBe(false);
  await endProcess(parent);
  await expect(readStates(pids)).rejects.toThrow("ENOENT");
});
