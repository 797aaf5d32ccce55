import { CallFailure } from "./call-failure.ts";
import type { ServerRequests } from "./server-requests.ts";
import { pause, pauseMs } from "./with-retries.ts";

/** How long a wait outlives the server it waits at: a restart or a deploy fits in. */
export const LONGEST_ABSENCE_MS = 120_000;

/** One try and its pause are away for so long at most: what is longer, this computer has slept through, and tried nothing. */
const LONGEST_TRY_MS = 60_000;

/** After this many failures in a row pauses grow no longer: about 3 s. */
const LAST_GROWTH = 3;

/** Lets a wait for a run go on while its server is away, for some time. */
export interface Patience {
  /** The server answered. */
  renew(): void;
  /** Pauses before the next try. @throws what was thrown, when the server refused or has been away for too long */
  endure(thrown: unknown, signal?: AbortSignal): Promise<void>;
}

export function createPatience(server: Pick<ServerRequests, "answeredAt">): Patience {
  let failures = 0;
  let awayMs = 0;
  let failedAt = 0;
  return {
    renew: () => {
      failures = 0;
    },
    endure: async (thrown, signal) => {
      if (!(thrown instanceof CallFailure)) throw thrown;
      const now = Date.now();
      // A call that waits for its turn among the few connections of a browser is not answered while others are.
      awayMs = failures === 0 || server.answeredAt() > failedAt ? 0 : awayMs + Math.min(now - failedAt, LONGEST_TRY_MS);
      failedAt = now;
      if (thrown.kind === "refused" || awayMs > LONGEST_ABSENCE_MS) throw thrown.error;
      failures = Math.min(failures + 1, LAST_GROWTH);
      await pause(pauseMs(failures, thrown), signal);
    },
  };
}
