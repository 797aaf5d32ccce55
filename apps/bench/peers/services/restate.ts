import { spawn } from "node:child_process";
import { setTimeout as pause } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { readVersion } from "../../src/speed/install-peers.ts";
import { findFreePort } from "../../src/speed/services/free-port.ts";
import { endProcess, orEnd, pidOf, type Service } from "../../src/speed/services/service.ts";

const PROGRAM = fileURLToPath(new URL("../node_modules/@restatedev/restate-server/lib/index.js", import.meta.url));

/** The published server, one node, in its default profile; the URL's port is its ingress, the hash its admin port. */
export async function startRestate(folder: string): Promise<Service> {
  const [ingress, admin, node] = [await findFreePort(), await findFreePort(), await findFreePort()];
  const server = spawn(process.execPath, [PROGRAM, "--base-dir", folder, "--no-logo"], {
    stdio: "ignore",
    detached: true,
    env: {
      ...process.env,
      RESTATE_INGRESS__BIND_ADDRESS: `127.0.0.1:${ingress}`,
      RESTATE_ADMIN__BIND_ADDRESS: `127.0.0.1:${admin}`,
      RESTATE_BIND_ADDRESS: `127.0.0.1:${node}`,
      RESTATE_DISABLE_TELEMETRY: "true",
    },
  });
  const url = `http://127.0.0.1:${ingress}`;
  await orEnd(server, untilHealthy([`http://127.0.0.1:${admin}/health`, `${url}/restate/health`]));
  return {
    url: `${url}#${admin}`,
    version: readVersion("@restatedev/restate-server"),
    pid: pidOf(server),
    stop: () => endProcess(server),
  };
}

async function untilHealthy(urls: readonly string[]): Promise<void> {
  for (let attempt = 0; attempt < 150; attempt += 1) {
    const answers = await Promise.all(
      urls.map((url) =>
        fetch(url).then(
          ({ ok }) => ok,
          () => false,
        ),
      ),
    );
    if (answers.every(Boolean)) return;
    await pause(200);
  }
  throw new Error("restate-server was not healthy within 30 s");
}
