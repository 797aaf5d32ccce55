import { isTerminal, type RunStatus } from "@beckon/core/runtime";
import type { RunQuery } from "@beckon/engine";
import { IS_LISTED, IS_NEWBORN } from "./newborns.ts";
import { RECORD_COLUMNS } from "./run-row.ts";

interface Condition {
  readonly sql: string;
  readonly values: readonly (string | number)[];
}

/**
 * A statement that answers a query, or a part of it: newest first; or along the lines of ready runs (see ready-walk.ts),
 * `overall` being the same without those; or as it finds them, where there are few (see newborns.ts).
 */
export type ListSearch = Condition &
  ({ readonly kind: "newest-first" | "few" } | { readonly kind: "ready-walk"; readonly overall: Condition });

/** A way to the runs along an index; `id` is the column that it is in the order of. */
interface Way {
  readonly from: string;
  readonly id: string;
  readonly conditions: readonly Condition[];
  readonly kind: ListSearch["kind"];
}

/** Sorts behind every id that begins with the text before it. */
const LAST = "\u{10ffff}";
const IS_TEST: Condition = { sql: "is_test = 1", values: [] };
const IS_UNDER_WAY: Condition = { sql: `${IS_LISTED} AND status <> 'QUEUED'`, values: [] };
const IS_HELD: Condition = { sql: `${IS_LISTED} AND hold IS NOT NULL`, values: [] };
const NEWBORN: Condition = { sql: IS_NEWBORN, values: [] };
const IS_READY: Condition = { sql: "status = 'QUEUED' AND hold IS NULL", values: [] };
/** The values are given by who walks. */
const IS_OF_RANK: Condition = { sql: "job_id = ? AND priority = ?", values: [] };
const IS_FAILED: Condition = { sql: "completed_at IS NOT NULL AND status <> 'SUCCESS'", values: [] };

/**
 * Decides how a list is read: along the index that leads to the fewest runs, with the rest as filters on the
 * way. Where that takes several ways, their answers are to be merged: an OR over them would read every run.
 */
export function toListSearches(
  query: RunQuery,
  bounds: readonly Condition[],
  listJobIds: () => readonly string[],
): readonly ListSearch[] {
  return chooseWays(query, listJobIds).map(({ from, id, conditions, kind }) => {
    const all = [...conditions, ...toFilters(query, id), ...bounds];
    const select = (wanted: readonly Condition[]): string => {
      const where = wanted.map(({ sql }) => sql).join(" AND ");
      return `SELECT ${RECORD_COLUMNS} FROM ${from} ${where && `WHERE ${where}`}`;
    };
    const values = all.flatMap((condition) => condition.values);
    const newestFirst: Condition = {
      sql: `${select(all)} ORDER BY ${id} DESC LIMIT ?`,
      values: [...values, query.limit],
    };
    switch (kind) {
      case "newest-first":
        return { kind, ...newestFirst };
      case "ready-walk":
        return {
          kind,
          sql: `${select([IS_OF_RANK, ...all])} ORDER BY queued_at DESC, id DESC`,
          values,
          overall: newestFirst,
        };
      case "few":
        return { kind, sql: select(all), values };
    }
  });
}

function chooseWays(query: RunQuery, listJobIds: () => readonly string[]): readonly Way[] {
  const { search, parentRunId, tag, accountId, statuses, jobId, version, isTest } = query;
  // None of no status: there is no way to nothing, and SQLite refuses to go along an index to it.
  if (statuses?.length === 0) return [];
  if (search !== undefined) {
    const isInRange = [is("runs.id >= ?", search), is("runs.id < ?", search + LAST)].flat();
    return [along("runs", isInRange), along("runs INDEXED BY runs_of_key", is("idempotency_key = ?", search))];
  }
  if (parentRunId !== undefined) return [along("runs INDEXED BY runs_of_parent")];
  if (tag !== undefined) {
    const from = "run_tags CROSS JOIN runs ON runs.id = run_tags.run_id";
    return [{ kind: "newest-first", from, id: "run_tags.run_id", conditions: is("run_tags.tag = ?", tag) }];
  }
  if (accountId !== undefined) return [along("runs INDEXED BY runs_of_account")];
  // Most runs end well: only a list without those is shorter by status.
  if (statuses !== undefined && !statuses.includes("SUCCESS")) return [...new Set(statuses)].flatMap(alongStatus);
  // Test runs are few; the condition of the partial index is repeated.
  if (isTest === true) return [along("runs INDEXED BY runs_of_tests", [IS_TEST])];
  // The index tells the version: runs of others are passed over without being read.
  if (version !== undefined && jobId === undefined)
    return listJobIds().map((id) => along("runs INDEXED BY runs_of_job", is("job_id = ?", id)));
  return [along(jobId === undefined ? "runs" : "runs INDEXED BY runs_of_job")];
}

function along(from: string, conditions: readonly Condition[] = []): Way {
  return { kind: "newest-first", from, id: "runs.id", conditions };
}

/** The condition of the partial index is repeated: by that SQLite knows that the index has all of these runs. */
function alongStatus(status: RunStatus): readonly Way[] {
  const isOfStatus = is("status = ?", status);
  if (isTerminal(status)) return [along("runs INDEXED BY runs_failed", [...isOfStatus, IS_FAILED])];
  const underWay = along("runs INDEXED BY runs_live", [...isOfStatus, IS_UNDER_WAY]);
  if (status === "EXECUTING") return [underWay, { ...along("runs NOT INDEXED", [NEWBORN]), kind: "few" }];
  if (status !== "QUEUED") return [underWay];
  return [
    along("runs INDEXED BY runs_live", [...isOfStatus, IS_HELD]),
    { ...along("runs INDEXED BY runs_ready", [IS_READY]), kind: "ready-walk" },
  ];
}

function toFilters(query: RunQuery, id: string): readonly Condition[] {
  return [
    is("job_id = ?", query.jobId),
    is("job_version = ?", query.version),
    is("is_test = ?", query.isTest === undefined ? undefined : Number(query.isTest)),
    is("created_at >= ?", query.from),
    is("created_at < ?", query.to),
    is("parent_run_id = ?", query.parentRunId),
    is("account_id = ?", query.accountId),
    is("EXISTS (SELECT 1 FROM run_tags found WHERE found.tag = ? AND found.run_id = runs.id)", query.tag),
    is(`${id} < ?`, query.before),
    isOneOf(query.statuses),
  ].flat();
}

/** No condition where no value was given. */
export function is(sql: string, value: string | number | null | undefined): readonly Condition[] {
  return value === undefined || value === null ? [] : [{ sql, values: [value] }];
}

function isOneOf(statuses: RunQuery["statuses"]): readonly Condition[] {
  if (statuses === undefined) return [];
  return [{ sql: `status IN (${statuses.map(() => "?").join(", ")})`, values: statuses }];
}
