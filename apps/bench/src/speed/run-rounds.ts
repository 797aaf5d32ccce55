import { spawnSync } from "node:child_process";
import { mkdtemp, rename, rm } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { measureInstall } from "./footprint/install-size.ts";
import { measureFootprint } from "./footprint/measure-footprint.ts";
import { copyHistories, type Turn } from "./history/copy-histories.ts";
import type { HistoryKind } from "./history/prepare-histories.ts";
import type { MeasureAnswer } from "./measurement.ts";
import { Results } from "./results.ts";
import { runMeasurement } from "./run-measurement.ts";
import { goOn, halt } from "./services/halt.ts";
import type { Service } from "./services/service.ts";
import type { StartedService } from "./services/start-services.ts";
import type { ServiceId, System } from "./systems/system.ts";
import type { WorkloadId } from "./workloads/measure-workload.ts";

export interface Plan {
  readonly systems: readonly System[];
  readonly workloads: readonly WorkloadId[];
  readonly rounds: number;
  readonly services: ReadonlyMap<ServiceId, StartedService>;
  /** Files to be worked on in W6. */
  readonly histories: Readonly<Record<HistoryKind, string>> | null;
  /** Where each measurement gets a folder of its own. */
  readonly folder: string;
  readonly say: (line: string) => void;
  /** Aborted, the measurement under way ends, and no other begins. */
  readonly signal: AbortSignal;
}

/** What targets compare of one system: measured right after each other. */
const COMPARED: readonly (readonly WorkloadId[])[] = [
  ["w1-one", "w6-one"],
  ["w1-64", "w6-64"],
  ["w3-10", "w6-10"],
  ["w4", "w4-defaults"],
];

/**
 * Round by round, workload by workload, every system in turn: what the machine does meanwhile meets all of them.
 * Each round begins with another system, and every other one goes backwards, so that none always follows the same
 * neighbour, and of two workloads that are compared neither is always the second. Aborted, it rejects with the
 * signal's reason, and the services are as the last measurement left them.
 */
export async function runRounds(plan: Plan): Promise<Results> {
  const results = new Results();
  for (let round = 0; round < plan.rounds; round += 1) {
    const turns = [...toGroups(plan.workloads)].flatMap((workloads) => toTurns(workloads, plan.systems, round));
    const { histories, folder } = plan;
    const copies = histories === null ? null : await copyHistories(turns, { histories, folder });
    for (const turn of turns) {
      plan.signal.throwIfAborted();
      const answer = await measureOnce(turn, plan, copies?.get(turn) ?? null);
      const { system, workload } = turn;
      results.add(system.id, workload, answer);
      plan.say(`round ${round + 1}  ${workload.padEnd(12)} ${system.title.padEnd(48)} ${toText(answer)}`);
    }
  }
  plan.signal.throwIfAborted();
  return results;
}

function toGroups(workloads: readonly WorkloadId[]): Iterable<readonly WorkloadId[]> {
  return Map.groupBy(workloads, (id) => COMPARED.find((group) => group.includes(id))?.[0] ?? id).values();
}

/** Who is measured in what, in the order of a round. */
export function toTurns(workloads: readonly WorkloadId[], systems: readonly System[], round: number): readonly Turn[] {
  const taking = systems.filter((system) => workloads.some((workload) => system.workloads.includes(workload)));
  const first = round % Math.max(1, taking.length);
  const turns = [...taking.slice(first), ...taking.slice(0, first)].flatMap((system) =>
    workloads.filter((workload) => system.workloads.includes(workload)).map((workload) => ({ system, workload })),
  );
  return round % 2 === 0 ? turns : turns.toReversed();
}

async function measureOnce({ system, workload }: Turn, plan: Plan, copy: string | null): Promise<MeasureAnswer> {
  const service = system.service === null ? null : plan.services.get(system.service);
  if (service !== null && (service === undefined || "problem" in service))
    return { kind: "failed", reason: service?.problem ?? `${system.service} was not started` };
  const folder = await mkdtemp(join(plan.folder, `${system.id}-`));
  try {
    // Of a round of many measurements one that fails costs itself.
    return await measureIn(folder, { system, workload }, { ...plan, service, copy });
  } catch (error) {
    return { kind: "failed", reason: error instanceof Error ? error.message : String(error) };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

interface MeasurePlan extends Plan {
  readonly service: Service | null;
  readonly copy: string | null;
}

async function measureIn(folder: string, { system, workload }: Turn, plan: MeasurePlan): Promise<MeasureAnswer> {
  const { service, copy, services, signal } = plan;
  const history = copy === null ? null : join(folder, "history.db");
  if (copy !== null && history !== null) await rename(copy, history);
  await haltOthers(service, services);
  settleDisk();
  if (workload === "w8")
    return { kind: "measured", figures: { ...(await measureFootprint(folder, signal)), ...measureInstall() } };
  const { driver, drainCounts, variant } = system;
  const tuning = workload.endsWith("-defaults") ? "defaults" : "tuned";
  const context = { folder, variant, service: service?.url ?? "", tuning, history } as const;
  return runMeasurement({ driver, workload, drainCounts, context }, signal);
}

/** What the last measurement left in memory would be written while this one asks for commits. Without the command the rounds still even it out. */
function settleDisk(): void {
  spawnSync("sync");
}

/** A server that was halted for minutes has timers that are due. */
const WAKING_MS = 1_500;

/** What other systems need takes no time meanwhile: a server may have work to do long after it was measured. */
async function haltOthers(own: Service | null, services: Plan["services"]): Promise<void> {
  let isWaking = false;
  for (const service of services.values()) {
    if ("problem" in service) continue;
    if (service === own) isWaking = goOn(service.pid);
    else halt(service.pid);
  }
  if (isWaking) await pause(WAKING_MS);
}

function toText(answer: MeasureAnswer): string {
  if (answer.kind === "failed") return `failed: ${answer.reason.split("\n")[0]}`;
  return Object.entries(answer.figures)
    .map(([name, value]) => `${value >= 100 ? Math.round(value) : value.toFixed(3)} ${name}`)
    .join(", ");
}
