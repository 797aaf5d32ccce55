import { writeBody } from "../http/api-body.ts";
import type { ApiRoute } from "./api-route.ts";
import { batchBodySchema, invokeBodySchema, toBatchInput, toInvokeInput } from "./invoke-body.ts";
import { readPreferredWait } from "./preferred-wait.ts";

const IDEMPOTENCY_KEY = {
  name: "Idempotency-Key",
  description:
    "The same key and payload give the first run's id again; the same key with another payload is a conflict.",
  schema: { type: "string", maxLength: 2_048 },
};

const PREFER = {
  name: "Prefer",
  description:
    "`wait=10`: answer with the result where there is one within so many seconds, 25 at most; with 202 where there is none.",
  schema: { type: "string" },
};

const invoke: ApiRoute = {
  method: "POST",
  path: "/jobs/{id}/invoke",
  operation: {
    id: "invoke",
    summary: "Make a run; answers once it is on disk",
    headers: [IDEMPOTENCY_KEY, PREFER],
    bodyOf: invokeBodySchema,
    exampleOf: (payload) => ({ payload }),
    status: 202,
    answer: "RunId",
    otherwise: { status: 200, why: "It has ended within the time that was preferred", answer: "RunResult" },
  },
  handle: async ({ branchOf, id, body, request }) => {
    const branch = branchOf(id);
    const timeoutMs = readPreferredWait(request.headers.get("prefer"));
    const input = toInvokeInput(await body(), request);
    if (timeoutMs === null) return branch.invoke(input);
    const answer = await branch.invokeAndWait({ ...input, timeoutMs }, request.signal);
    return writeBody(request, answer, "pending" in answer ? 202 : 200);
  },
};

export const jobRoutes: readonly ApiRoute[] = [
  {
    method: "GET",
    path: "/jobs",
    operation: {
      id: "listJobs",
      summary: "The jobs of this server",
      status: 200,
      answer: { type: "array", items: { $ref: "#/components/schemas/Job" } },
    },
    handle: ({ caller }) => caller.catalog.list(),
  },
  {
    method: "GET",
    path: "/jobs/{id}",
    operation: {
      id: "getJob",
      summary: "A job with its schema, examples and recent runs",
      status: 200,
      answer: "JobDetail",
    },
    handle: ({ caller, id }) => caller.catalog.get({ id }),
  },
  invoke,
  {
    method: "POST",
    path: "/jobs/{id}/batch",
    operation: {
      id: "batchInvoke",
      summary: "Make up to 1,000 runs, all or none",
      bodyOf: batchBodySchema,
      exampleOf: (payload) => ({ items: [{ payload }] }),
      status: 202,
      answer: "RunIds",
    },
    handle: async ({ branchOf, id, body, request }) => branchOf(id).batchInvoke(toBatchInput(await body(), request)),
  },
  {
    method: "POST",
    path: "/jobs/{id}/pause",
    operation: {
      id: "pauseJob",
      summary: "Start none of the job's runs until it is resumed",
      status: 200,
      answer: "RunId",
    },
    handle: ({ caller, id }) => caller.catalog.pause({ id }),
  },
  {
    method: "POST",
    path: "/jobs/{id}/resume",
    operation: { id: "resumeJob", summary: "Start the job's runs again", status: 200, answer: "RunId" },
    handle: ({ caller, id }) => caller.catalog.resume({ id }),
  },
];
