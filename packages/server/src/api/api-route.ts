import type { JsonSchema } from "@beckon/core/runtime";
import type { AnyCaller } from "../http/any-job-router.ts";

/** One route of the HTTP surface. Serving it and describing it in OpenAPI both read this. */
export interface ApiRoute {
  readonly method: "GET" | "POST";
  /** Below `/api/v1`, in OpenAPI's form: `/runs/{id}/cancel`. */
  readonly path: string;
  readonly operation: Operation;
  /** What it waits for ends with the request. */
  readonly isWaiting?: true;
  /** Gives the value to answer with, or the answer itself. Rejections become refusals. */
  readonly handle: (call: ApiCall) => Promise<unknown>;
}

/** How a route is described. */
export interface Operation {
  readonly id: string;
  readonly summary: string;
  readonly query?: readonly QueryParameter[];
  readonly headers?: readonly QueryParameter[];
  /** What the body is, where there is one. A route that takes payloads has one for each job. */
  readonly body?: JsonSchema;
  readonly bodyOf?: (payload: JsonSchema, isRequired: boolean) => JsonSchema;
  /** Payloads of the job's examples, as bodies. */
  readonly exampleOf?: (payload: unknown) => unknown;
  readonly status: 200 | 202;
  /** Name of a component schema, or a schema. */
  readonly answer: string | JsonSchema;
  readonly answerType?: string;
  /** Another good answer than that: why, and its component schema where it has a body. */
  readonly otherwise?: { readonly status: 200 | 202 | 204; readonly why: string; readonly answer?: string };
}

export interface QueryParameter {
  readonly name: string;
  readonly description: string;
  readonly schema: JsonSchema;
}

/** A request to a route. */
export interface ApiCall {
  readonly request: Request;
  /** The way to the engine. */
  readonly caller: AnyCaller;
  /** Ends earlier what the route waits for. */
  readonly abort: () => void;
  /** By id. @throws NotFoundError */
  readonly branchOf: (jobId: string) => JobBranch;
  /** The `{id}` of the path. */
  readonly id: string;
  readonly query: () => URLSearchParams;
  /** Reads the body, once. */
  readonly body: () => Promise<unknown>;
}

/** What makes runs of one job. The router checks what it is given. */
export interface JobBranch {
  invoke(input: unknown): Promise<unknown>;
  invokeAndWait(input: unknown, signal: AbortSignal): Promise<object>;
  batchInvoke(input: unknown): Promise<unknown>;
}
