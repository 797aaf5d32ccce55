import { describe, test } from "vitest";
import { activityCases } from "./activity.ts";
import { auditLives } from "./audit-lives.ts";
import { birthCases } from "./births.ts";
import { cancelCases } from "./cancel.ts";
import type { Cases } from "./cases.ts";
import { claimCases } from "./claims.ts";
import { deliveryCases } from "./deliveries.ts";
import { eventCases } from "./events.ts";
import { handoverCases } from "./handovers.ts";
import { idempotencyCases } from "./idempotency.ts";
import { limitChangeCases } from "./limit-changes.ts";
import { limitCases } from "./limits.ts";
import { lingeringCases } from "./lingering.ts";
import { newbornClaimCases } from "./newborn-claims.ts";
import { pauseCases } from "./pause.ts";
import { pruneCases } from "./prune.ts";
import { readCases } from "./reads.ts";
import { recoveryCases } from "./recovery.ts";
import { retryCases } from "./retry.ts";
import { Scene } from "./scene.ts";
import { settlementCases } from "./settlements.ts";
import { severalWorkersCases } from "./several-workers.ts";
import { sideBySideCases } from "./side-by-side.ts";
import { signalCases } from "./signals.ts";
import { stepCases } from "./steps.ts";
import type { StoreHarness } from "./store-harness.ts";
import { suspectCases } from "./suspects.ts";
import { timeCases } from "./time.ts";
import { toldStepCases } from "./told-steps.ts";
import { transitionCases } from "./transitions.ts";
import { valueCases } from "./values.ts";
import { waitCases } from "./waits.ts";

/* oxlint-disable vitest/valid-title, vitest/expect-expect -- the cases carry the titles and the assertions */

/** By verb, or by what several verbs keep together. */
const SUITE: Readonly<Record<string, Cases>> = {
  "creating runs": birthCases,
  "idempotency keys": idempotencyCases,
  "claiming runs": claimCases,
  "claiming runs at birth": newbornClaimCases,
  "recording steps": stepCases,
  "steps that tell of their end": toldStepCases,
  "settling runs": settlementCases,
  waits: waitCases,
  signals: signalCases,
  limits: limitCases,
  "limits that a deploy changes": limitChangeCases,
  "functions that outlive their run": lingeringCases,
  time: timeCases,
  canceling: cancelCases,
  retrying: retryCases,
  "recovering from crashes": recoveryCases,
  "runs that may be what kills processes": suspectCases,
  "places handed over": handoverCases,
  "pausing jobs": pauseCases,
  transitions: transitionCases,
  events: eventCases,
  reading: readCases,
  "counting what ended": activityCases,
  values: valueCases,
  deliveries: deliveryCases,
  pruning: pruneCases,
  "several workers": severalWorkersCases,
  "requests of one turn": sideBySideCases,
};

/**
 * The definition of the store's port: what every adapter's own test calls. After each case the lives of all
 * of its runs are checked against the table of transitions.
 */
export function describeStore(name: string, harness: StoreHarness): void {
  describe(name, () => {
    for (const [topic, cases] of Object.entries(SUITE)) {
      describe(topic, () => {
        testCases(cases, harness);
      });
    }
  });
}

function testCases(cases: Cases, harness: StoreHarness): void {
  for (const [fact, prove] of Object.entries(cases)) {
    test(fact, async () => {
      const opened = await harness.open();
      try {
        const scene = await Scene.open(opened);
        await prove(scene);
        await auditLives(scene.store);
      } finally {
        await opened[Symbol.asyncDispose]();
      }
    });
  }
}
