/** What one measurement gave, by name: `jobs/s`, `p50 ms` and so on. */
export type Figures = Readonly<Record<string, number>>;

/** Jobs in a drain at concurrency 1, at a higher one, and runs in a drain of steps. */
export interface DrainCounts {
  readonly bulk: number;
  readonly alone: number;
  readonly together: number;
  readonly stepRuns: number;
}
