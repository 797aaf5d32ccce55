import { InvalidOptionError, type RunListQuery } from "@beckon/core/runtime";
import type { QueryParameter } from "./api-route.ts";

const text = { type: "string" };
const instant = { type: "string", format: "date-time" };

/** Every filter has its line: how it is described, and below how it is read from a URL. */
const PARAMETERS: Readonly<Record<keyof RunListQuery, Omit<QueryParameter, "name">>> = {
  job: { description: "The job's id.", schema: text },
  status: { description: "One status, or several between commas.", schema: text },
  tag: { description: "A tag of the run.", schema: text },
  version: { description: "The job's version when the run was made.", schema: text },
  isTest: { description: "Only test runs, or none.", schema: { type: "boolean" } },
  from: { description: "Created at or after.", schema: instant },
  to: { description: "Created before.", schema: instant },
  parent: { description: "The run that made them.", schema: text },
  accountId: { description: "The account they were made for.", schema: text },
  search: { description: "A run id, the beginning of one, or an idempotency key.", schema: text },
  cursor: { description: "`nextCursor` of the page before.", schema: text },
  limit: { description: "Runs on a page; 20 by default.", schema: { type: "integer", minimum: 1, maximum: 100 } },
};

export const LIST_PARAMETERS: readonly QueryParameter[] = Object.entries(PARAMETERS).map(([name, parameter]) => ({
  name,
  ...parameter,
}));

/** Reads the filters of a list of runs. What they say is checked by the router, as for every door. */
export function readListQuery(query: URLSearchParams): RunListQuery {
  const fields = [...new Set(query.keys())].map(
    (name) => [name, readFilter(name, readText(name, query.getAll(name)))] as const,
  );
  return Object.fromEntries(fields);
}

/** Several statuses may also come as one parameter each; of two values of another filter one would be passed over. */
function readText(name: string, values: readonly string[]): string {
  if (values.length === 1 || name === "status") return values.join(",");
  throw new InvalidOptionError(name, `it is given ${values.length} times: give it once`);
}

function readFilter(name: string, value: string): unknown {
  switch (name) {
    case "status":
      return value.split(",");
    case "isTest":
      return readBoolean(name, value);
    case "from":
    case "to":
      return readInstant(name, value);
    case "limit":
      return Number(value);
    default:
      return value;
  }
}

function readBoolean(name: string, value: string): boolean {
  if (value === "true" || value === "false") return value === "true";
  throw new InvalidOptionError(name, `${JSON.stringify(value)} is neither true nor false`);
}

function readInstant(name: string, value: string): Date {
  const instantMs = Date.parse(value);
  if (!Number.isNaN(instantMs)) return new Date(instantMs);
  throw new InvalidOptionError(name, `${JSON.stringify(value)} is no instant: write it as 2026-01-31T12:00:00Z`);
}
