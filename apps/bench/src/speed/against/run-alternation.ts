import { fork } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { AlternationRequest, Round } from "./alternation.ts";

const CHILD = fileURLToPath(new URL("alternate.ts", import.meta.url));

/** Lets the drains of two trees alternate in a process of their own. Aborted, it ends that. @throws when it fails */
export async function runAlternation(
  request: Omit<AlternationRequest, "folder">,
  signal?: AbortSignal,
): Promise<readonly Round[]> {
  const folder = await mkdtemp(join(tmpdir(), "beckon-bench-against-"));
  try {
    signal?.throwIfAborted();
    const child = fork(CHILD, [JSON.stringify({ ...request, folder })], {
      execArgv: ["--conditions=@beckon/source"],
      ...(signal && { signal }),
    });
    return await new Promise((resolve, reject) => {
      child.on("message", (rounds) => resolve(rounds as readonly Round[]));
      child.on("error", reject);
      child.on("exit", (code) =>
        reject(new Error(`"${request.drain.name}" was not measured: the process ended with ${code}.`)),
      );
    });
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
