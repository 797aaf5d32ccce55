import type { JobKind } from "../driver.ts";

/** Drains that are compared: of no-ops what a run costs, of steps what a step does. */
export const DRAINS = [
  { name: "drain @1", kind: "noop", count: 10_000, concurrency: 1 },
  { name: "drain @10", kind: "noop", count: 10_000, concurrency: 10 },
  { name: "drain @100", kind: "noop", count: 10_000, concurrency: 100 },
  { name: "steps @10", kind: "steps", count: 500, concurrency: 10 },
  { name: "steps @100", kind: "steps", count: 500, concurrency: 100 },
] as const satisfies readonly Drain[];

export interface Drain {
  readonly name: string;
  readonly kind: JobKind;
  readonly count: number;
  readonly concurrency: number;
}

export interface AlternationRequest {
  /** The files of the drivers of this tree and of the other, in the order in which they are opened. */
  readonly drivers: readonly { readonly side: Side; readonly path: string }[];
  readonly drain: Drain;
  readonly rounds: number;
  /** An empty folder of this process' own. */
  readonly folder: string;
}

export type Side = "here" | "there";

/** How long one drain of each took, one right after the other, in milliseconds. */
export type Round = Readonly<Record<Side, number>>;
