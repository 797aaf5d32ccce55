/** What is known and not measured, each with the reason. */
export const NOT_RUN: readonly string[] = [
  "Absurd (absurd-sdk): its package carries no database schema; the tool that installs it is not on the npm registry.",
  "liteque, W3: better-sqlite3 13 refuses its asynchronous transaction, and the versions it was written for have no binary for this Node.",
  "Results (W4) of plainjob, graphile-worker, pg-boss and liteque: they offer no call that waits for one.",
  "Memoised steps (W5) of BullMQ, plainjob, graphile-worker, pg-boss and liteque: they have none.",
  "W8 of the peers; W4 over HTTP of the queues among them, which have no HTTP door of their own except Restate's ingress, by which all of its figures are taken.",
];
