import type { AnyJob } from "@beckon/core";
import type { JobRouter } from "@beckon/router";

/** The derived router of any jobs, for doors that find jobs by name at run time. */
export type AnyJobRouter = JobRouter<Readonly<Record<string, AnyJob>>>;

export type AnyCaller = ReturnType<AnyJobRouter["createCaller"]>;
