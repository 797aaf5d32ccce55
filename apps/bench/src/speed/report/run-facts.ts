import { execFileSync } from "node:child_process";
import { statfs } from "node:fs/promises";
import { cpus, release, totalmem, type } from "node:os";

export interface RunFacts {
  readonly takenAt: string;
  readonly command: string;
  readonly machine: string;
  /** Of this repository; what was changed since is said. */
  readonly commit: string;
  readonly rounds: number;
  /** By package, and by service. */
  readonly versions: Readonly<Record<string, string>>;
}

const MEMORY_DISK = 0x01_02_19_94;
/** By the number that Linux knows them by. */
const FILE_SYSTEMS: Readonly<Record<number, string>> = {
  0xef53: "ext4",
  0x58_46_53_42: "xfs",
  0x91_23_68_3e: "btrfs",
  0x79_4c_76_30: "overlayfs",
  [MEMORY_DISK]: "tmpfs",
};

/** What kind of machine this is, and what the folder lies on; names and addresses are nobody's business. */
export async function describeMachine(folder: string): Promise<string> {
  const [first] = cpus();
  const gib = Math.round(totalmem() / 2 ** 30);
  const fileSystem = FILE_SYSTEMS[(await statfs(folder)).type] ?? "another file system";
  return (
    `${cpus().length} cores (${first?.model.trim() ?? "unknown"}), ${gib} GiB of memory, ${fileSystem}, ` +
    `${type()} ${release().split("-")[0]}, Node ${process.versions.node}`
  );
}

/** @throws where files lie in memory: an fsync does nothing there, and every figure would be of another durability */
export async function refuseMemoryDisk(folder: string): Promise<void> {
  if ((await statfs(folder)).type === MEMORY_DISK)
    throw new Error(`${folder} lies in memory, where nothing survives a power cut: set TMPDIR to a folder on a disk.`);
}

export function describeCommit(root: string): string {
  try {
    const git = (...words: string[]): string => execFileSync("git", words, { cwd: root, encoding: "utf8" }).trim();
    const commit = git("rev-parse", "--short", "HEAD");
    return git("status", "--porcelain", "--", "packages", "apps", "build") === ""
      ? commit
      : `${commit} and changes since`;
  } catch {
    // Not a checkout.
    return "unknown commit";
  }
}
