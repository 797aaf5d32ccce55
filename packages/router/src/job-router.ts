import type { BatchItem, InvokeOptions, Job } from "@beckon/core";
import type { FailedResult, SuccessfulResult } from "@beckon/core/runtime";
import type { AnyTRPCRootTypes, TRPCBuiltRouter, TRPCMutationProcedure, TRPCQueryProcedure } from "@trpc/server";
import type { BatchOutput, InvokeOutput, PendingResult, PendingRun, ResultInput } from "./call-shapes.ts";
import type { CatalogProcedures } from "./catalog-procedures.ts";
import type { RunProcedures } from "./run-procedures.ts";
import type { BeckonRoot } from "./trpc.ts";

/*
 * The router's type is written down rather than inferred from tRPC's builder: a caller then pays for the
 * jobs it names and for no other. tRPC's own types walk over every procedure of a router, down to what it takes
 * and gives. So nothing here may ask what `Jobs[Name]` is before a property inside of that is read: no filter on
 * the keys, and what a procedure takes or gives is an interface over `Jobs` and `Name`, never a conditional type.
 * (This is why `payload` is no optional property where a job accepts `undefined`: the question would be asked.)
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
  invoke: TRPCMutationProcedure<{ input: InvokeInput<Jobs, Name>; output: InvokeOutput; meta: object }>;
  /** Makes a run and answers with how it ended, or after 25 s with its id: ask for its `result` then. */
  invokeAndWait: TRPCMutationProcedure<{
    input: InvokeAndWaitInput<Jobs, Name>;
    output: SuccessAt<Jobs, Name> | FailureAt<Jobs, Name> | PendingRun;
    meta: object;
  }>;
  /** Makes up to 1,000 runs, all or none; ids in the order of the items. */
  batchInvoke: TRPCMutationProcedure<{ input: BatchInput<Jobs, Name>; output: BatchOutput; meta: object }>;
  /** How the run ended, or after 25 s that it has not: ask again. */
  result: TRPCQueryProcedure<{
    input: ResultInput;
    output: SuccessAt<Jobs, Name> | FailureAt<Jobs, Name> | PendingResult;
    meta: object;
  }>;
};

/** What `jobs.<name>.invoke` takes. */
export interface InvokeInput<Jobs, Name extends keyof Jobs> {
  readonly payload: InputAt<Jobs, Name>;
  readonly options?: InvokeOptions | undefined;
  /** Minted by the caller: sent again with the same id within 24 h, the call gives the first answer and makes no second run; with another payload it is CONFLICT. */
  readonly requestId?: string | undefined;
}

/** What `jobs.<name>.invokeAndWait` takes. */
export interface InvokeAndWaitInput<Jobs, Name extends keyof Jobs> extends InvokeInput<Jobs, Name> {
  /** Of this answer, at most the default of 25,000. */
  readonly timeoutMs?: number | undefined;
}

/** What `jobs.<name>.batchInvoke` takes. */
export interface BatchInput<Jobs, Name extends keyof Jobs> {
  readonly items: readonly BatchItem<InputAt<Jobs, Name>>[];
  readonly requestId?: string | undefined;
}

/** The result of a run that succeeded. Together with the other it is the job's RunResult. */
export interface SuccessAt<Jobs, Name extends keyof Jobs> extends Omit<SuccessfulResult<unknown>, "output"> {
  readonly output: OutputAt<Jobs, Name>;
}

/** The result of a run that did not. */
export interface FailureAt<Jobs, Name extends keyof Jobs> extends Omit<FailedResult<unknown>, "error"> {
  readonly error: FailedResult<ErrorAt<Jobs, Name>>["error"];
}

type InputAt<Jobs, Name extends keyof Jobs> =
  Jobs[Name] extends Job<infer Input, infer _Payload, infer _Output, infer _Err> ? Input : never;

type OutputAt<Jobs, Name extends keyof Jobs> =
  Jobs[Name] extends Job<infer _Input, infer _Payload, infer Output, infer _Err> ? Output : never;

type ErrorAt<Jobs, Name extends keyof Jobs> =
  Jobs[Name] extends Job<infer _Input, infer _Payload, infer _Output, infer Err> ? Err : never;
