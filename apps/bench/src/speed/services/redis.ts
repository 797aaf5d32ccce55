import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { connect } from "node:net";
import { setTimeout as pause } from "node:timers/promises";
import { findFreePort } from "./free-port.ts";
import { endProcess, orEnd, pidOf, type Service } from "./service.ts";

/** A Redis that appends every write to its file, and syncs it `everysec` or `always`. */
export async function startRedis(folder: string, appendfsync: string): Promise<Service> {
  installRedis();
  const port = await findFreePort();
  const flags = ["--appendonly", "yes", "--appendfsync", appendfsync, "--save", ""];
  const redis = spawn("redis-server", ["--bind", "127.0.0.1", "--port", String(port), "--dir", folder, ...flags], {
    stdio: "ignore",
    detached: true,
  });
  await orEnd(redis, untilListening(redis, port));
  return {
    pid: pidOf(redis),
    url: `redis://127.0.0.1:${port}`,
    version:
      execFileSync("redis-server", ["--version"])
        .toString()
        .match(/v=(\S+)/)?.[1] ?? "unknown",
    stop: () => endProcess(redis),
  };
}

/** From Debian's packages, where it is missing and this user may. */
function installRedis(): void {
  try {
    execFileSync("redis-server", ["--version"]);
  } catch {
    execFileSync("apt-get", ["install", "-y", "redis-server"], { stdio: "ignore" });
  }
}

async function untilListening(redis: ChildProcess, port: number): Promise<void> {
  for (let attempt = 0; attempt < 100; attempt += 1) {
    if (redis.exitCode !== null) throw new Error(`redis-server ended with code ${redis.exitCode}`);
    const socket = connect(port, "127.0.0.1");
    // Rejects when the connection is refused.
    const isOpen = await once(socket, "connect").then(
      () => true,
      () => false,
    );
    socket.destroy();
    if (isOpen) return;
    await pause(50);
  }
  throw new Error(`redis-server did not listen on ${port} within 5 s`);
}
