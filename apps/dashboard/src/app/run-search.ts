import type { RunListQuery, RunStatus } from "@beckon/core/runtime";

/** The filters of the runs page as its URL has them: short, and readable where somebody pastes it. */
export interface RunSearch {
  /** Statuses, separated by commas. */
  readonly status?: string;
  readonly job?: string;
  readonly tag?: string;
  readonly version?: string;
  readonly test?: boolean;
  /** A span back from now such as `1h`, or an instant. */
  readonly from?: string;
  readonly to?: string;
  readonly account?: string;
  readonly parent?: string;
  /** A run id, the beginning of one, or an idempotency key. */
  readonly q?: string;
}

/** Sets some filters and leaves the others; `undefined` takes one away. */
export type ChangeSearch = (changes: { readonly [Name in keyof RunSearch]?: RunSearch[Name] | undefined }) => void;

export const STATUSES: readonly RunStatus[] = [
  "EXECUTING",
  "WAITING",
  "QUEUED",
  "DELAYED",
  "SUCCESS",
  "FAILURE",
  "TIMED_OUT",
  "CANCELED",
  "EXPIRED",
];

const TEXT_FILTERS = ["status", "job", "tag", "version", "from", "to", "account", "parent", "q"] as const;

/** Reads what a URL says; what it says wrongly is left out, so that an old link still opens. */
export function readRunSearch(raw: Readonly<Record<string, unknown>>): RunSearch {
  const texts = TEXT_FILTERS.flatMap((name) => {
    const text = raw[name];
    return typeof text === "string" && isSaid(name, text) ? [[name, text] as const] : [];
  });
  const test = TRUTHS.get(String(raw["test"]));
  return { ...Object.fromEntries(texts), ...(test !== undefined && { test }) };
}

// No record: a URL may say what every object has, such as `constructor`.
const TRUTHS: ReadonlyMap<string, boolean> = new Map([
  ["true", true],
  ["false", false],
]);

function isSaid(name: (typeof TEXT_FILTERS)[number], text: string): boolean {
  return name === "status" ? statusesOf({ status: text }).length > 0 : text !== "";
}

export function statusesOf({ status }: RunSearch): readonly RunStatus[] {
  const wanted = new Set(status?.split(","));
  return STATUSES.filter((one) => wanted.has(one));
}

const SPAN_UNITS: Readonly<Record<string, number>> = { m: 60_000, h: 3_600_000, d: 86_400_000 };

/** `15m` is that long before `now`; anything else is an instant. */
function toInstant(text: string | undefined, now: number): Date | undefined {
  if (text === undefined) return undefined;
  const [, count, unit = ""] = /^(\d+)([mhd])$/.exec(text) ?? [];
  if (count !== undefined) return new Date(now - Number(count) * (SPAN_UNITS[unit] ?? 0));
  const at = new Date(text);
  return Number.isNaN(at.getTime()) ? undefined : at;
}

/** The filters as the server takes them. */
export function toListQuery(search: RunSearch, now: number): RunListQuery {
  const status = statusesOf(search);
  return {
    ...(status.length > 0 && { status }),
    job: search.job,
    tag: search.tag,
    version: search.version,
    isTest: search.test,
    from: toInstant(search.from, now),
    to: toInstant(search.to, now),
    accountId: search.account,
    parent: search.parent,
    search: search.q,
  };
}
