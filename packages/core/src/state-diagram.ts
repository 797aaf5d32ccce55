import { isTerminal, type RunStatus, type Transition, TRANSITIONS } from "./run.ts";

/**
 * Draws the transition table as a Mermaid state diagram: one arrow for each way between two statuses, so that
 * the picture in ARCHITECTURE.md and the table cannot part.
 */
export function renderStateDiagram(): string {
  const arrows = (TRANSITIONS as readonly Transition[]).flatMap(({ name, from, to }) =>
    from.map((source) => `    ${source} --> ${to}: ${name}`),
  );
  const statuses = new Set(TRANSITIONS.flatMap(({ from, to }): RunStatus[] => [...from, to]));
  const ends = [...statuses].filter(isTerminal).map((status) => `    ${status} --> [*]`);
  return [
    "stateDiagram-v2",
    "    [*] --> DELAYED: invoke with delay",
    "    [*] --> QUEUED: invoke",
    ...arrows,
    ...ends,
  ].join("\n");
}
