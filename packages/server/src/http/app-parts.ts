import type { AnyJob } from "@beckon/core";
import type { Engine } from "@beckon/engine";
import type { ServerSettings } from "../server-options.ts";
import type { AnyJobRouter } from "./any-job-router.ts";
import type { Metrics } from "./metrics.ts";

/** What the doors are built from. */
export interface AppParts {
  readonly engine: Engine;
  /** By the names of their exports. */
  readonly jobs: ReadonlyMap<string, AnyJob>;
  readonly router: AnyJobRouter;
  readonly settings: ServerSettings;
  readonly metrics: Metrics;
  /** Where the server is reached from outside. */
  readonly publicUrl: () => string;
}
