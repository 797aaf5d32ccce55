import { decode } from "@beckon/core/runtime";
import type { RunRecord, Store } from "@beckon/engine";
import { CHAOS_LIMIT, STEPS } from "./chaos-jobs.ts";
import type { Entry } from "./journal.ts";

export interface AuditInput {
  readonly store: Store;
  readonly journal: readonly Entry[];
  readonly acknowledged: ReadonlyMap<string, { readonly jobId: string; readonly payload: unknown }>;
}

export interface Audit {
  readonly runs: number;
  readonly steps: number;
  readonly repeatedInFlight: number;
  readonly mostAtOnce: number;
  readonly mostExecutions: number;
  /** Empty: every promise was kept. */
  readonly findings: readonly string[];
}

/** Holds what the store says and what the journal saw against what Beckon promises. */
export async function audit({ store, journal, acknowledged }: AuditInput): Promise<Audit> {
  const runs = await readAllRuns(store);
  const known = new Set(runs.map(({ id }) => id));
  const lost = [...acknowledged.keys()]
    .filter((id) => !known.has(id))
    .map((id) => `${id} was acknowledged and is lost`);
  const ends = (await Promise.all(runs.map((run) => auditRun(run, { store, acknowledged })))).flat();
  const steps = auditSteps(journal);
  const places = auditPlaces(journal);
  return {
    runs: runs.length,
    steps: steps.count,
    repeatedInFlight: steps.repeated,
    mostAtOnce: places.most,
    mostExecutions: Math.max(0, ...runs.map(({ executionCount }) => executionCount)),
    findings: [...lost, ...ends, ...steps.findings, ...places.findings],
  };
}

async function readAllRuns(store: Store): Promise<readonly RunRecord[]> {
  const runs: RunRecord[] = [];
  for (;;) {
    const page = await store.listRuns({ before: runs.at(-1)?.id, limit: 500 });
    if (page.length === 0) return runs;
    runs.push(...page);
  }
}

async function auditRun(
  run: RunRecord,
  { store, acknowledged }: Pick<AuditInput, "store" | "acknowledged">,
): Promise<readonly string[]> {
  const findings: string[] = [];
  const detail = await store.readRun(run.id);
  if (run.status !== "SUCCESS") return [`${run.id} (${run.jobId}) is ${run.status}: ${detail?.error ?? ""}`];
  const events = await store.readEvents({ runId: run.id, after: 0, limit: 10_000 });
  const ends = events.filter((event) => event.type === "status" && event.status === "SUCCESS").length;
  if (ends !== 1) findings.push(`${run.id} was settled ${ends} times`);
  if (events.some((event, index) => event.seq !== index + 1))
    findings.push(`${run.id} has a gap or a repeat in its events`);
  const output = decode(detail?.output ?? '{"json":null}');
  const call = acknowledged.get(run.id);
  if (call && JSON.stringify(output) !== JSON.stringify(expectedOutput(call))) {
    findings.push(`${run.id} (${run.jobId}) gave ${JSON.stringify(output)}`);
  }
  if (run.jobId === "family") {
    const children = await store.listRuns({ parentRunId: run.id, limit: 100 });
    if (children.length !== 4) findings.push(`${run.id} has ${children.length} children in place of 4`);
  }
  return findings;
}

function expectedOutput({ jobId, payload }: { readonly jobId: string; readonly payload: unknown }): unknown {
  const { base = 0, value = 0 } = payload as { base?: number; value?: number };
  if (jobId === "stepper") return { sum: (STEPS * (STEPS - 1)) / 2 };
  return jobId === "family" ? [0, 1, 2, 3].map((more) => (base + more) * 2) : value * 2;
}

/** A step that was followed by the next one was on disk: it must not begin again. The one in flight may, with its key. */
function auditSteps(journal: readonly Entry[]): { count: number; repeated: number; findings: readonly string[] } {
  const last = new Map<string, { step: number; key: string }>();
  const findings: string[] = [];
  let count = 0;
  let repeated = 0;
  for (const entry of journal) {
    if (entry.kind !== "step") continue;
    const before = last.get(entry.runId);
    count += 1;
    if (before?.step === entry.step) {
      repeated += 1;
      if (before.key !== entry.key)
        findings.push(`step ${entry.step} of ${entry.runId} was repeated with another idempotency key`);
    } else if (entry.step !== (before?.step ?? -1) + 1) {
      findings.push(`step ${entry.step} of ${entry.runId} began after step ${before?.step ?? "none"}`);
    }
    last.set(entry.runId, entry);
  }
  return { count, repeated, findings };
}

function auditPlaces(journal: readonly Entry[]): { most: number; findings: readonly string[] } {
  const inside = new Map<string, number>();
  const killed = new Set<number>();
  const findings: string[] = [];
  let most = 0;
  for (const entry of journal) {
    if (killed.has(entry.pid)) continue;
    if (entry.kind === "enter" && inside.has(entry.runId))
      findings.push(`${entry.runId} was inside its function twice at once`);
    followPlaces(inside, entry);
    if (entry.kind === "kill") killed.add(entry.pid);
    most = Math.max(most, inside.size);
    if (inside.size > CHAOS_LIMIT) findings.push(`${inside.size} runs of the limited job were inside at once`);
  }
  return { most, findings };
}

/** Who is inside, by run, and in which process. */
function followPlaces(inside: Map<string, number>, entry: Entry): void {
  if (entry.kind === "enter") inside.set(entry.runId, entry.pid);
  if (entry.kind === "leave") inside.delete(entry.runId);
  if (entry.kind !== "kill") return;
  for (const [runId, pid] of inside) {
    if (pid === entry.pid) inside.delete(runId);
  }
}
