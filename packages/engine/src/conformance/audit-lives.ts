import { TRANSITIONS, type Transition } from "@beckon/core/runtime";
import { expect } from "vitest";
import type { Store } from "../store/store.ts";

const ALL = 10_000;
const FIRST = ["DELAYED", "QUEUED"];

/** Checks that every run began, and went from status to status, as the table of transitions allows. */
export async function auditLives(store: Store): Promise<void> {
  const unlawful: string[] = [];
  for (const run of await store.listRuns({ limit: ALL })) {
    const events = await store.readEvents({ runId: run.id, after: 0, limit: ALL });
    expect(events.map((event) => event.seq)).toEqual(events.map((_, index) => index + 1));
    expect(run.eventCount).toBe(events.length);
    const life = events.flatMap((event) => (event.type === "status" ? [event.status] : []));
    expect(FIRST).toContain(life[0]);
    expect(life.at(-1)).toBe(run.status);
    for (const [index, to] of life.entries()) {
      const from = life[index - 1];
      if (from !== undefined && !isLawful(from, to)) unlawful.push(`${run.id}: ${from} → ${to}`);
    }
  }
  expect(unlawful).toEqual([]);
}

function isLawful(from: string, to: string): boolean {
  return TRANSITIONS.some(
    (transition: Transition) => transition.to === to && (transition.from as readonly string[]).includes(from),
  );
}
