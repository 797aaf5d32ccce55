import type * as jobs from "@acme/jobs";
import type { createJobsClient, httpTransport, JobsClient } from "@beckon/client";
import type { useInvoke, useRun, WatchedRun } from "@beckon/client/react";
import type {
  BeckonClient,
  ConcurrencyLimit,
  Duration,
  ErrorOf,
  InputOf,
  InvokeAndWaitOptions,
  IO,
  JobError,
  OutputOf,
  PayloadOf,
  Run,
  RunContext,
  RunEvent,
  RunResult,
} from "@beckon/core";
import type { Transport } from "@beckon/core/runtime";
import type { testJob } from "@beckon/engine/testing";
import type { createJobRouter, JobRouter } from "@beckon/router";
import type { createServer } from "@beckon/server";
import type { inferRouterInputs, inferRouterOutputs } from "@trpc/server";
import { expectTypeOf } from "vitest";
import type { AnyPaths } from "./any-paths.ts";

/*
 * Nothing public is `any`, but for a job without a schema: there the contract says so. A failure here names the path.
 */

type Jobs = typeof jobs;
type Charge = Jobs["chargeCard"];

// The check itself finds what is there, in every kind of place.
interface Leaky {
  readonly fine: readonly string[];
  // oxlint-disable-next-line typescript/no-explicit-any -- what the check must find.
  readonly call: (given: { readonly deep: any }) => Promise<{ readonly list: any[] }>;
}
expectTypeOf<AnyPaths<Leaky>>().toEqualTypeOf<".call(…)[].deep is any" | "await .call().list[] is any">();

// What an author meets.
expectTypeOf<AnyPaths<BeckonClient>>().toBeNever();
expectTypeOf<AnyPaths<IO>>().toBeNever();
expectTypeOf<AnyPaths<RunContext<{ readonly GONE: never }>>>().toBeNever();
expectTypeOf<AnyPaths<{ a: Duration; b: ConcurrencyLimit; c: InvokeAndWaitOptions }>>().toBeNever();

// What a caller meets, of a real job.
expectTypeOf<AnyPaths<Charge>>().toBeNever();
expectTypeOf<AnyPaths<[InputOf<Charge>, PayloadOf<Charge>, OutputOf<Charge>, ErrorOf<Charge>]>>().toBeNever();
expectTypeOf<AnyPaths<Run<OutputOf<Charge>, ErrorOf<Charge>>>>().toBeNever();
expectTypeOf<AnyPaths<RunResult<OutputOf<Charge>, ErrorOf<Charge>>>>().toBeNever();
expectTypeOf<AnyPaths<RunEvent>>().toBeNever();
expectTypeOf<AnyPaths<JobError>>().toBeNever();
expectTypeOf<AnyPaths<Transport>>().toBeNever();

// The typed client, all of it.
expectTypeOf<AnyPaths<JobsClient<Jobs>>>().toBeNever();
expectTypeOf<AnyPaths<WatchedRun<OutputOf<Charge>, ErrorOf<Charge>>>>().toBeNever();

expectTypeOf<AnyPaths<Parameters<typeof createJobsClient<Jobs>>>>().toBeNever();
expectTypeOf<AnyPaths<typeof httpTransport>>().toBeNever();
expectTypeOf<AnyPaths<typeof useRun<OutputOf<Charge>, ErrorOf<Charge>>>>().toBeNever();
expectTypeOf<AnyPaths<typeof useInvoke<InputOf<Charge>, OutputOf<Charge>, ErrorOf<Charge>>>>().toBeNever();

// A test of a job.
expectTypeOf<
  AnyPaths<typeof testJob<InputOf<Charge>, PayloadOf<Charge>, OutputOf<Charge>, ErrorOf<Charge>>>
>().toBeNever();

// The derived router, through tRPC's own inference.
expectTypeOf<AnyPaths<inferRouterInputs<JobRouter<Jobs>>>>().toBeNever();
expectTypeOf<AnyPaths<inferRouterOutputs<JobRouter<Jobs>>>>().toBeNever();
expectTypeOf<AnyPaths<Parameters<typeof createJobRouter<Jobs>>[0]>>().toBeNever();

// The server.
type Made = Awaited<ReturnType<typeof createServer<Jobs>>>;
expectTypeOf<AnyPaths<Parameters<typeof createServer<Jobs>>>>().toBeNever();
// What `fetch` and `node` take is declared by the platforms; the engine's map of jobs holds jobs of any kind.
expectTypeOf<AnyPaths<Omit<Made, "engine" | "fetch" | "node">>>().toBeNever();
expectTypeOf<AnyPaths<Omit<Made["engine"], "jobs">>>().toBeNever();
