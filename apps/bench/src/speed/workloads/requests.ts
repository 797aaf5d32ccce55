import { fork } from "node:child_process";
import { fileURLToPath } from "node:url";
import type { Door, Driver } from "../driver.ts";
import { need } from "./need.ts";
import type { Figures } from "./workload.ts";

const LOAD = fileURLToPath(new URL("../load/load.ts", import.meta.url));

/** What the process that sends requests is told. */
export interface LoadRequest {
  readonly port: number;
  readonly path: string;
  readonly body: string;
  readonly connections: number;
}

/** W7: as many requests as are answered; they come from another process, each connection waiting for its answer. */
export async function answerRequests(driver: Driver, door: Door, connections: number): Promise<Figures> {
  const { port, path, body } = await need(driver.serve, "HTTP door")(door);
  const request: LoadRequest = { port, path, body, connections };
  const load = fork(LOAD, [JSON.stringify(request)]);
  return new Promise((resolve, reject) => {
    load.on("message", (figures) => resolve(figures as Figures));
    load.on("exit", (code) => reject(new Error(`the process that sends requests ended with ${code}`)));
  });
}
