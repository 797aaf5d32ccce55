import type { Job } from "@beckon/core";
import type { JobCalls } from "@beckon/core/runtime";
import type { CatalogProcedures, RunProcedures } from "@beckon/router";

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

/** `beckon.runs`: list, read, cancel, replay and retry the runs of all jobs. What one run tells and gives, its handle does. */
export type RunCalls = {
  readonly [Name in Exclude<keyof RunProcedures, NamesOf<RunProcedures, "subscription"> | "result">]: CallOf<
    RunProcedures[Name]
  >;
};

/** `beckon.catalog`: the definitions of all jobs. */
export type CatalogCalls = { readonly [Name in keyof CatalogProcedures]: CallOf<CatalogProcedures[Name]> };

/** A procedure as a plain call. */
export type CallOf<
  Procedure extends { readonly _def: { readonly $types: { readonly input: unknown; readonly output: unknown } } },
> = undefined extends Procedure["_def"]["$types"]["input"]
  ? (input?: Procedure["_def"]["$types"]["input"]) => Promise<Procedure["_def"]["$types"]["output"]>
  : (input: Procedure["_def"]["$types"]["input"]) => Promise<Procedure["_def"]["$types"]["output"]>;

/** The names of the procedures of a kind. */
export type NamesOf<Procedures extends object, Kind extends "mutation" | "subscription"> = {
  [Name in keyof Procedures]: Procedures[Name] extends { readonly _def: { readonly type: Kind } } ? Name : never;
}[keyof Procedures];
