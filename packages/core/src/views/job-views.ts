import type { RetryPolicy } from "../retry.ts";
import type { LiveCounts } from "./activity-views.ts";
import type { RunSummary } from "./run-views.ts";

/** A JSON Schema of the 2020-12 draft, which is also what OpenAPI 3.1 speaks. */
export type JsonSchema = Readonly<Record<string, unknown>>;

/** A job as the engine knows it. */
export interface JobView {
  readonly id: string;
  readonly name: string;
  readonly version: string;
  readonly isEnabled: boolean;
  readonly isPaused: boolean;
  readonly live: LiveCounts;
  readonly versions: readonly { readonly version: string; readonly firstSeenAt: Date }[];
}

/** A job in the catalog's list. */
export interface CatalogEntry extends JobView {
  /** Under which names it is exported, and so called: `jobs.<name>.invoke`. */
  readonly exportNames: readonly string[];
}

/** A job with all that its definition says. */
export interface CatalogDetail extends CatalogEntry {
  /** What a caller may send; null where the schema's library cannot tell. */
  readonly inputSchema: JsonSchema | null;
  /** The data of each declared error. */
  readonly errorSchemas: Readonly<Record<string, JsonSchema | null>>;
  readonly examples: readonly CatalogExample[];
  readonly retry: RetryPolicy | null;
  /** Which of the two are told of its ends. */
  readonly hooks: readonly ("onSuccess" | "onFailure")[];
  readonly maxDurationMs: number | null;
  readonly ttlMs: number | null;
  readonly concurrencyLimit: { readonly id: string; readonly limit: number } | null;
  readonly recentRuns: readonly RunSummary[];
}

export interface CatalogExample {
  readonly id: string;
  readonly name: string;
  readonly payload: unknown;
  readonly icon: string | null;
}
