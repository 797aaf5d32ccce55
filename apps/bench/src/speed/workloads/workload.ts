/** What one measurement gave, by name: `jobs/s`, `p50 ms` and so on. */
export type Figures = Readonly<Record<string, number>>;
