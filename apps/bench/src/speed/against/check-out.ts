import { execFile } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { packageManager, ROOT } from "../install-peers.ts";

const run = promisify(execFile);

/** Another revision beside this tree, with its packages. Disposed, it is gone. */
export interface OtherTree extends AsyncDisposable {
  readonly path: string;
  /** The short name of its commit. */
  readonly commit: string;
}

/** Checks a revision out into a temporary folder. @throws what git says, such as that there is no such revision */
export async function checkOut(revision: string): Promise<OtherTree> {
  const { stdout } = await run("git", ["rev-parse", "--short", "--verify", `${revision}^{commit}`], { cwd: ROOT });
  const commit = stdout.trim();
  const folder = await mkdtemp(join(tmpdir(), "beckon-bench-against-"));
  const path = join(folder, commit);
  const dispose = async (): Promise<void> => {
    await run("git", ["worktree", "remove", "--force", path], { cwd: ROOT }).catch(() => undefined);
    await rm(folder, { recursive: true, force: true });
  };
  try {
    await run("git", ["worktree", "add", "--detach", path, commit], { cwd: ROOT });
    await run("npx", ["-y", packageManager(), "install", "--frozen-lockfile", "--prefer-offline"], { cwd: path });
  } catch (error) {
    await dispose();
    throw error;
  }
  return { path, commit, [Symbol.asyncDispose]: dispose };
}
