/** What is known and not measured, each with the reason. */
export const NOT_RUN: readonly string[] = [
  "Temporal, Inngest, Trigger.dev, Hatchet: no driver has been written for them yet.",
  "Absurd (absurd-sdk): its package carries no database schema; the tool that installs it is not on the npm registry.",
  "liteque, W3: better-sqlite3 13 refuses its asynchronous transaction, and the versions it was written for have no binary for this Node.",
  "Results (W4) of plainjob, graphile-worker, pg-boss and liteque: they offer no call that waits for one.",
  "Memoised steps (W5) of BullMQ, plainjob, graphile-worker, pg-boss and liteque: they have none.",
  "W2 of Restate, which has no bulk call; W4c of BullMQ, whose flows are another shape; BullMQ over PostgreSQL, for which no driver has been written.",
  "W4 over HTTP of the other queues, which have no HTTP call that waits for a result; all figures of Restate go over HTTP. W8 of the peers.",
];
