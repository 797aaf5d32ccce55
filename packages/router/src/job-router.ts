import type { Job, RunResult } from "@beckon/core";
import type { AnyTRPCRootTypes, TRPCBuiltRouter, TRPCMutationProcedure, TRPCQueryProcedure } from "@trpc/server";
import type { BatchInput, BatchOutput, InvokeInput, InvokeOutput, PendingResult, ResultInput } from "./call-shapes.ts";
import type { CatalogProcedures } from "./catalog-procedures.ts";
import type { RunProcedures } from "./run-procedures.ts";
import type { BeckonRoot } from "./trpc.ts";

/*
 * The router's type is written down rather than inferred from tRPC's builder: a caller then pays for the
 * jobs it names and for no other. Two rules keep it so: nothing here asks what `Jobs[Name]` is before a
 * property below it is read (a filter on the keys would), and what a procedure takes and gives stays inside
 * its type argument, where tRPC's own checks compare it with `any` and look no further.
 */

/** The tRPC router that is derived from a record of jobs. */
export type JobRouter<Jobs, Root extends AnyTRPCRootTypes = BeckonRoot> = TRPCBuiltRouter<Root, JobRouterRecord<Jobs>>;

/** What is below the router: a branch for each job, and what all runs and jobs share. */
export type JobRouterRecord<Jobs> = {
  jobs: JobBranches<Jobs>;
  runs: RunProcedures;
  catalog: CatalogProcedures;
};

/** One branch for each export. One that is no job has no branch at run time, and here a payload that nobody can give. */
export type JobBranches<Jobs> = { [Name in keyof Jobs]: JobProcedures<Jobs, Name> };

/** The calls of one job. */
export type JobProcedures<Jobs, Name extends keyof Jobs> = {
  /** Makes a run; answers once it is on disk. */
  invoke: TRPCMutationProcedure<{ input: InvokeInput<InputAt<Jobs, Name>>; output: InvokeOutput; meta: object }>;
  /** Makes up to 1,000 runs, all or none; ids in the order of the items. */
  batchInvoke: TRPCMutationProcedure<{ input: BatchInput<InputAt<Jobs, Name>>; output: BatchOutput; meta: object }>;
  /** How the run ended, or after 25 s that it has not: ask again. */
  result: TRPCQueryProcedure<{ input: ResultInput; output: ResultAt<Jobs, Name> | PendingResult; meta: object }>;
};

type InputAt<Jobs, Name extends keyof Jobs> =
  Jobs[Name] extends Job<infer Input, infer _Payload, infer _Output, infer _Err> ? Input : never;

type ResultAt<Jobs, Name extends keyof Jobs> =
  Jobs[Name] extends Job<infer _Input, infer _Payload, infer Output, infer Err> ? RunResult<Output, Err> : never;
