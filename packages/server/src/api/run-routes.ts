import { InvalidOptionError } from "@beckon/core/runtime";
import { writeBody } from "../http/api-body.ts";
import type { ApiCall, ApiRoute } from "./api-route.ts";
import { asFields } from "./invoke-body.ts";
import { readListQuery, LIST_PARAMETERS } from "./list-query.ts";
import { streamEvents } from "./stream-events.ts";

const AFTER = {
  name: "after",
  description: "The `seq` of the last one seen.",
  schema: { type: "integer", minimum: 0 },
};

const listRuns: ApiRoute = {
  method: "GET",
  path: "/runs",
  operation: { id: "listRuns", summary: "Runs, newest first", query: LIST_PARAMETERS, status: 200, answer: "RunPage" },
  handle: ({ caller, query }) => caller.runs.list(readListQuery(query())),
};

const getResult: ApiRoute = {
  method: "GET",
  path: "/runs/{id}/result",
  operation: {
    id: "getResult",
    summary: "How the run ended; ask again while it has not, within 25 s each time",
    query: [
      {
        name: "timeoutMs",
        description: "Answer earlier than that.",
        schema: { type: "integer", minimum: 0, maximum: 25_000 },
      },
    ],
    status: 200,
    answer: "RunResult",
    otherwise: { status: 202, why: "It has not ended yet", answer: "Pending" },
  },
  isWaiting: true,
  handle: async (call) => {
    const result = await call.caller.runs.result({ id: call.id, timeoutMs: readNumber(call, "timeoutMs") });
    return writeBody(call.request, result, "pending" in result ? 202 : 200);
  },
};

const getEvents: ApiRoute = {
  method: "GET",
  path: "/runs/{id}/events",
  operation: {
    id: "watchRun",
    summary: "What happens to the run, as server-sent events until it has ended",
    query: [AFTER],
    headers: [
      { name: "Last-Event-ID", description: "As `after`; browsers send it by themselves.", schema: { type: "string" } },
    ],
    status: 200,
    answer: "RunEvent",
    answerType: "text/event-stream",
    otherwise: { status: 204, why: "It has ended, and there is nothing more to tell" },
  },
  isWaiting: true,
  handle: (call) => streamEvents(call, readNumber(call, "after") ?? 0),
};

const getLogs: ApiRoute = {
  method: "GET",
  path: "/runs/{id}/logs",
  operation: {
    id: "getLogs",
    summary: "What the run logged",
    query: [
      AFTER,
      { name: "limit", description: "At most so many.", schema: { type: "integer", minimum: 1, maximum: 1_000 } },
    ],
    status: 200,
    answer: { type: "array", items: { $ref: "#/components/schemas/Log" } },
  },
  handle: (call) =>
    call.caller.runs.logs({ id: call.id, after: readNumber(call, "after"), limit: readNumber(call, "limit") }),
};

const replay: ApiRoute = {
  method: "POST",
  path: "/runs/{id}/replay",
  operation: {
    id: "replayRun",
    summary: "Make a new run with the same payload, or with the one given",
    body: { type: "object", properties: { payload: {} }, additionalProperties: false },
    status: 202,
    answer: "RunId",
  },
  handle: async ({ caller, id, body }) => {
    const given = await body();
    return caller.runs.replay({ ...(given === undefined ? {} : asFields(given, "{ payload }, or nothing")), id });
  },
};

export const runRoutes: readonly ApiRoute[] = [
  listRuns,
  {
    method: "GET",
    path: "/runs/{id}",
    operation: { id: "getRun", summary: "A run", status: 200, answer: "Run" },
    handle: ({ caller, id }) => caller.runs.get({ id }),
  },
  getResult,
  getEvents,
  {
    method: "GET",
    path: "/runs/{id}/tasks",
    operation: {
      id: "getTasks",
      summary: "The run's steps",
      status: 200,
      answer: { type: "array", items: { $ref: "#/components/schemas/Task" } },
    },
    handle: ({ caller, id }) => caller.runs.tasks({ id }),
  },
  getLogs,
  {
    method: "GET",
    path: "/runs/{id}/explain",
    operation: { id: "explainRun", summary: "Why the run is not finished", status: 200, answer: "Explanation" },
    handle: ({ caller, id }) => caller.runs.explain({ id }),
  },
  {
    method: "POST",
    path: "/runs/{id}/cancel",
    operation: {
      id: "cancelRun",
      summary: "End the run, and every unfinished one it made",
      status: 200,
      answer: "RunId",
    },
    handle: ({ caller, id }) => caller.runs.cancel({ id }),
  },
  replay,
  {
    method: "POST",
    path: "/runs/{id}/retry",
    operation: { id: "retryRun", summary: "Open the same failed run again", status: 200, answer: "RunId" },
    handle: ({ caller, id }) => caller.runs.retry({ id }),
  },
  {
    method: "POST",
    path: "/signals",
    operation: {
      id: "sendSignal",
      summary: "Send a signal; it is kept until a run waits for it",
      body: {
        type: "object",
        properties: { name: { type: "string", minLength: 1 }, id: { type: "string" }, payload: {} },
        required: ["name"],
        additionalProperties: false,
      },
      status: 200,
      answer: { type: "object", properties: { outcome: { enum: ["delivered", "kept"] } }, required: ["outcome"] },
    },
    handle: async ({ caller, body }) =>
      caller.runs.sendSignal(asFields(await body(), "{ name, id?, payload? }") as { name: string }),
  },
];

function readNumber({ query }: ApiCall, name: string): number | undefined {
  const text = query().get(name);
  if (text === null) return undefined;
  if (/^\d+$/.test(text)) return Number(text);
  throw new InvalidOptionError(name, `${JSON.stringify(text)} is no whole number from 0 on`);
}
