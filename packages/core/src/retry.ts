import { InvalidOptionError } from "./errors.ts";
import { refuseUnknownOptions } from "./known-options.ts";
import { describeValue } from "./schema.ts";

/** When and how often to try again. `{}` means 5 attempts, factor 1.8, from 1 s to 60 s, randomised. */
export interface RetryOptions {
  /** Attempts in all, the first included. Default 5. */
  readonly limit?: number | undefined;
  /** Each pause is this many times the one before. Default 1.8. */
  readonly factor?: number | undefined;
  /** The first pause, in milliseconds, at most 1e15. Default 1000. */
  readonly minTimeoutInMs?: number | undefined;
  /** No pause is longer, in milliseconds, at most 1e15. Default 60000. */
  readonly maxTimeoutInMs?: number | undefined;
  /** Stretch each pause by a random factor from 1 to 2, so that many failures do not return together. Default true. */
  readonly randomize?: boolean | undefined;
}

export interface RetryPolicy {
  readonly limit: number;
  readonly factor: number;
  readonly minTimeoutInMs: number;
  readonly maxTimeoutInMs: number;
  readonly randomize: boolean;
}

/** Some thirty thousand years: a Date can hold the end of such a pause, which has to be stored. */
const LONGEST_PAUSE_MS = 1e15;

/** Every option there is: one that is missing here does not compile. */
const KNOWN_OPTIONS: Readonly<Record<keyof RetryOptions, true>> = {
  limit: true,
  factor: true,
  minTimeoutInMs: true,
  maxTimeoutInMs: true,
  randomize: true,
};

const ONE_ATTEMPT = toRetryPolicy({ limit: 1 });

/** Fills in the defaults. No options at all means one attempt. @throws InvalidOptionError */
export function toRetryPolicy(options: RetryOptions | undefined): RetryPolicy {
  if (options === undefined) return ONE_ATTEMPT;
  refuseOtherShapes(options);
  refuseUnknownOptions(options, KNOWN_OPTIONS, "retry.");
  const policy: RetryPolicy = {
    limit: options.limit ?? 5,
    factor: options.factor ?? 1.8,
    minTimeoutInMs: options.minTimeoutInMs ?? 1_000,
    maxTimeoutInMs: options.maxTimeoutInMs ?? 60_000,
    randomize: options.randomize ?? true,
  };
  if (!Number.isInteger(policy.limit) || policy.limit < 1) {
    throw new InvalidOptionError(
      "retry.limit",
      `${policy.limit} is not a number of attempts: give a whole number from 1 on`,
    );
  }
  if (!(Number.isFinite(policy.factor) && policy.factor >= 0)) {
    throw new InvalidOptionError("retry.factor", `${policy.factor} is not usable: give a finite number from 0 on`);
  }
  for (const name of ["minTimeoutInMs", "maxTimeoutInMs"] as const) {
    const ms = policy[name];
    if (Number.isFinite(ms) && ms >= 0 && ms <= LONGEST_PAUSE_MS) continue;
    throw new InvalidOptionError(
      `retry.${name}`,
      `${ms} is not usable: give milliseconds from 0 to ${LONGEST_PAUSE_MS}`,
    );
  }
  return policy;
}

/** A number of attempts, as other libraries take it, has no options that could be unknown: all defaults would hold. */
function refuseOtherShapes(options: unknown): void {
  if (typeof options === "object" && options !== null && !Array.isArray(options)) return;
  const reason = `${describeValue(options)} is no retry policy: write an object, such as { limit: 3 }`;
  throw new InvalidOptionError("retry", reason);
}

/** The pause after the given failed attempt (1 for the first), or null when no attempt is left. `random` gives 0 ≤ x < 1. */
export function retryDelayMs(policy: RetryPolicy, failedAttempt: number, random: () => number): number | null {
  if (failedAttempt >= policy.limit) return null;
  const stretch = policy.randomize ? 1 + random() : 1;
  // An infinite growth of a pause of nothing would be no number.
  const growth = Math.min(policy.factor ** (failedAttempt - 1), Number.MAX_VALUE);
  const pause = policy.minTimeoutInMs * growth * stretch;
  return Math.round(Math.min(pause, policy.maxTimeoutInMs));
}
