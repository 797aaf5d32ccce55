import { appendFileSync, existsSync, writeSync } from "node:fs";

/*
 * Code that marks where it is, in a file that outlives its process. A process can be told to stay at one mark:
 * there it prints the mark, and waits to be killed.
 */

const { BECKON_TEST_STAY: stayAt, BECKON_TEST_BLOCK: blockUntil } = process.env;

/** Notes the mark, and where the process was told to: stays, or holds the event loop until a file is there. */
export async function pass(marks: string, mark: string, detail = ""): Promise<void> {
  appendFileSync(marks, `${mark} ${detail}\n`);
  if (mark !== stayAt) return;
  writeSync(1, `${mark}\n`);
  if (blockUntil === undefined) await new Promise<never>(() => undefined);
  while (!existsSync(blockUntil ?? "")) Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 5);
}
