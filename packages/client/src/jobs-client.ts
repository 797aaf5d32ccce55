import type { Job } from "@beckon/core";
import type { CatalogCalls, JobCalls, RunCalls } from "@beckon/core/runtime";

/**
 * The calls of every job that a module exports, with the types of the job's own handle, and what is about all
 * runs and jobs. An export that is no job is there too, as something that nothing can be called on.
 */
export type JobsClient<Jobs> = { readonly [Name in keyof Jobs]: CallsOf<Jobs[Name]> } & {
  readonly runs: RunCalls;
  readonly catalog: CatalogCalls;
};

/** What `beckon.<exportName>` offers. */
export type CallsOf<Exported> =
  Exported extends Job<infer Input, infer _Payload, infer Output, infer Err> ? JobCalls<Input, Output, Err> : NotAJob;

/** Stands for an export of the module that is no job. */
export interface NotAJob {
  readonly "this export is not a job": never;
}
