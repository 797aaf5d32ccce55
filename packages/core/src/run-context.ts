import type { ErrorConstructors } from "./declared-errors.ts";

/** What a run knows about itself. */
export interface RunContext<Errors = unknown> {
  readonly job: { readonly id: string; readonly version: string };
  readonly run: {
    readonly id: string;
    readonly isTest: boolean;
    readonly isReplay: boolean;
    /** 1 for the first; grows with the job's `retry` and with Retry by hand, not with replays. */
    readonly attempt: number;
    readonly startedAt: Date;
    readonly tags: readonly string[];
  };
  readonly event: { readonly id: string; readonly name: "invoke"; readonly context: unknown; readonly timestamp: Date };
  readonly parent?: { readonly runId: string; readonly jobId: string } | undefined;
  readonly account?: { readonly id: string } | undefined;
  readonly environment: { readonly slug: string; readonly type: EnvironmentType };
  /** Aborts on cancel, max duration, a lost lease and a shutdown's deadline; `signal.reason` is an AbortReason. */
  readonly signal: AbortSignal;
  /** Makes the declared errors: `throw ctx.errors.CARD_DECLINED({ … })`. */
  readonly errors: ErrorConstructors<Errors>;
}

export type EnvironmentType = "DEVELOPMENT" | "STAGING" | "PREVIEW" | "PRODUCTION";

/** Why `ctx.signal` aborted. */
export class AbortReason extends Error {
  readonly kind: "canceled" | "max-duration" | "lost-lease" | "shutdown" | "task-timeout";

  constructor(kind: AbortReason["kind"], message: string) {
    super(message);
    this.name = "AbortReason";
    this.kind = kind;
  }
}

/** Tells `onSuccess` and `onFailure` how a run ended. */
export interface RunNotification<Result> {
  readonly result: Result;
  readonly job: { readonly id: string; readonly name: string; readonly version: string };
  readonly run: { readonly id: string; readonly isTest: boolean };
}
