import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { PEERS_FOLDER, type ServiceId } from "../systems/system.ts";
import { goOn } from "./halt.ts";
import { startRedis } from "./redis.ts";
import type { Service } from "./service.ts";

type StartService = (folder: string) => Promise<Service>;

const STARTS: Readonly<Record<ServiceId, StartService>> = {
  "redis-everysec": (folder) => startRedis(folder, "everysec"),
  "redis-always": (folder) => startRedis(folder, "always"),
  postgres: (folder) => startOfPeers("postgres", "startPostgres", folder),
  restate: (folder) => startOfPeers("restate", "startRestate", folder),
};

/** A service that runs, or why it does not. */
export type StartedService = Service | { readonly problem: string };

/** Starts what the systems need; one that does not start takes only its own systems out. */
export async function startServices(
  ids: ReadonlySet<ServiceId>,
  folder: string,
): Promise<ReadonlyMap<ServiceId, StartedService>> {
  const started = new Map<ServiceId, StartedService>();
  for (const id of ids) started.set(id, await startService(id, join(folder, id)));
  return started;
}

/** Stops those that run, also the halted. @throws after all of them, when one could not be stopped */
export async function stopServices(services: ReadonlyMap<ServiceId, StartedService>): Promise<void> {
  const stops = [...services.values()].map(async (service) => {
    if ("problem" in service) return;
    try {
      goOn(service.pid);
    } finally {
      await service.stop();
    }
  });
  const failures = (await Promise.allSettled(stops)).flatMap((stop) => (stop.status === "rejected" ? stop.reason : []));
  if (failures.length > 0) throw new AggregateError(failures, "Not every service was stopped.");
}

async function startService(id: ServiceId, folder: string): Promise<StartedService> {
  try {
    await mkdir(folder, { recursive: true });
    return await STARTS[id](folder);
  } catch (error) {
    return { problem: `${id} did not start: ${error instanceof Error ? error.message : String(error)}` };
  }
}

/** Its code needs packages of the peers, which are there only after they were installed. */
async function startOfPeers(file: string, name: string, folder: string): Promise<Service> {
  const path = join(PEERS_FOLDER, "services", `${file}.ts`);
  const module = (await import(pathToFileURL(path).href)) as Readonly<Record<string, StartService>>;
  const start = module[name];
  if (start === undefined) throw new Error(`${path} exports no ${name}`);
  return start(folder);
}
