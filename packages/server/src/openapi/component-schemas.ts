import type { JsonSchema } from "@beckon/core/runtime";
import { invokeOptionsSchema } from "../api/invoke-body.ts";

/*
 * The shapes of what the HTTP surface answers. A test holds them against the answers of a real server.
 */

const text = { type: "string" } as const;
const optionalText = { type: ["string", "null"] } as const;
const instant = { type: "string", format: "date-time" } as const;
const optionalInstant = { type: ["string", "null"], format: "date-time" } as const;
const count = { type: "integer", minimum: 0 } as const;
const flag = { type: "boolean" } as const;
const any: JsonSchema = {};
const texts = listOf(text);
const liveStatuses = ["DELAYED", "QUEUED", "EXECUTING", "WAITING"];
const failedStatuses = ["FAILURE", "TIMED_OUT", "CANCELED", "EXPIRED"];
const status = { enum: [...liveStatuses, "SUCCESS", ...failedStatuses] };
const logLevel = { enum: ["debug", "info", "warn", "error"] };
const path = listOf({ type: ["string", "number"] });
const issue = record({ path, message: text });
const jobVersion = record({ id: text, version: text });

const statusRecord = record(
  { key: text, label: text, state: { enum: ["loading", "success", "failure", null] }, data: any, updatedAt: instant },
  ["data"],
);

const runSummary = {
  id: text,
  job: jobVersion,
  status,
  hold: { enum: ["limit", "paused", "suspect", null] },
  priority: { type: "integer" },
  tags: texts,
  isTest: flag,
  replayOf: optionalText,
  parentRunId: optionalText,
  accountId: optionalText,
  idempotencyKey: optionalText,
  concurrencyKey: optionalText,
  createdAt: instant,
  queuedAt: optionalInstant,
  startAt: optionalInstant,
  startedAt: optionalInstant,
  completedAt: optionalInstant,
  attempt: count,
  executionCount: count,
  executionDurationInMs: { type: "number" },
} as const;

/** A failure that Beckon or the job recorded: narrow on `code`. Declared ones carry `data`. */
const runError = {
  type: "object",
  properties: {
    code: text,
    message: text,
    name: text,
    stack: optionalText,
    cause: any,
    data: any,
    issues: listOf(issue),
  },
  required: ["code", "message"],
};

const runFacts = {
  id: text,
  job: jobVersion,
  isTest: flag,
  createdAt: instant,
  startedAt: optionalInstant,
  completedAt: instant,
  executionDurationInMs: { type: "number" },
  executionCount: count,
  statuses: listOf(statusRecord),
  invocation: record({ payload: any, context: any, timestamp: instant }, ["payload", "context"]),
} as const;

const liveCounts = record({ DELAYED: count, QUEUED: count, EXECUTING: count, WAITING: count });

const job = {
  id: text,
  name: text,
  version: text,
  exportNames: texts,
  isEnabled: flag,
  isPaused: flag,
  live: liveCounts,
  versions: listOf(record({ version: text, firstSeenAt: instant })),
} as const;

export const componentSchemas: Readonly<Record<string, JsonSchema>> = {
  Error: record({
    error: record({ code: text, message: text, issues: listOf(issue), index: count }, ["issues", "index"]),
  }),
  InvokeOptions: invokeOptionsSchema(),
  RunId: record({ id: text }),
  RunIds: record({ ids: texts }),
  Pending: record({ pending: { const: true } }),
  RunSummary: record(runSummary),
  RunPage: record({ runs: listOf(ref("RunSummary")), nextCursor: optionalText }),
  Run: record(
    {
      ...runSummary,
      payload: any,
      context: any,
      output: any,
      error: { oneOf: [runError, { type: "null" }] },
      statuses: listOf(statusRecord),
      callbackUrl: optionalText,
      isDetached: flag,
    },
    ["payload", "context", "output"],
  ),
  RunResult: {
    oneOf: [
      record({ ...runFacts, ok: { const: true }, status: { const: "SUCCESS" }, output: any }, ["output"]),
      record({ ...runFacts, ok: { const: false }, status: { enum: failedStatuses }, error: runError }),
    ],
  },
  RunEvent: {
    oneOf: [
      eventOf("status", { status }),
      eventOf("task", { task: { type: "object" } }),
      eventOf("log", { level: logLevel, message: text, data: any, taskId: optionalText }),
      eventOf("status-record", { record: statusRecord }),
    ],
  },
  Task: record(
    {
      id: text,
      parentId: optionalText,
      kind: text,
      name: text,
      status: text,
      attempt: count,
      output: any,
      error: { oneOf: [{ type: "object" }, { type: "null" }] },
      childRunId: optionalText,
      params: any,
      icon: optionalText,
      description: optionalText,
      properties: listOf(record({ label: text, text })),
      startedAt: instant,
      completedAt: optionalInstant,
      wakeAt: optionalInstant,
      resolution: optionalText,
    },
    ["output", "params"],
  ),
  Log: record({ seq: count, at: instant, taskId: optionalText, level: logLevel, message: text, data: any }, ["data"]),
  Explanation: record({
    runId: text,
    status,
    summary: text,
    reasons: listOf({ type: "object", properties: { kind: text }, required: ["kind"] }),
  }),
  Job: record(job),
  JobDetail: record({
    ...job,
    inputSchema: { type: ["object", "null"] },
    errorSchemas: { type: "object" },
    examples: listOf(record({ id: text, name: text, payload: any, icon: optionalText }, ["payload"])),
    retry: { type: ["object", "null"] },
    maxDurationMs: { type: ["number", "null"] },
    ttlMs: { type: ["number", "null"] },
    concurrencyLimit: { type: ["object", "null"] },
    recentRuns: listOf(ref("RunSummary")),
  }),
};

/** All properties are there, but for those named as optional: JSON leaves out what is undefined. */
function record(properties: Readonly<Record<string, JsonSchema>>, optional: readonly string[] = []): JsonSchema {
  return { type: "object", properties, required: Object.keys(properties).filter((name) => !optional.includes(name)) };
}

function listOf(items: JsonSchema): JsonSchema {
  return { type: "array", items };
}

export function ref(name: string): JsonSchema {
  return { $ref: `#/components/schemas/${name}` };
}

function eventOf(type: string, properties: Readonly<Record<string, JsonSchema>>): JsonSchema {
  return record({ seq: count, at: instant, type: { const: type }, ...properties }, ["data"]);
}
