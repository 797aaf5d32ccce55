import { expect, test } from "vitest";
import { checkModel } from "../conformance/index.ts";
import type { OpenedStore } from "../conformance/store-harness.ts";
import type { Store } from "../store/store.ts";
import { openMemory } from "./memory-harness.ts";

/** Stores with one fault each, which random histories must come by. */
const FAULTS: Readonly<Record<string, (store: Store) => Partial<Store>>> = {
  "never frees the place of a function that outlived its run": () => ({ releaseRuns: async () => undefined }),
  "tells of a claim that it is good when it is lost": (store) => ({
    settleRuns: async (request) => (await store.settleRuns(request)).map(() => "settled" as const),
  }),
  "cancels a run without what it made": (store) => ({
    cancelRun: async (request) => {
      const answer = await store.cancelRun(request);
      return answer.kind === "canceled" ? { ...answer, runIds: answer.runIds.slice(0, 1) } : answer;
    },
  }),
  "adopts a run whatever its payload": (store) => ({
    createRuns: async (request) => {
      const outcome = await store.createRuns(request);
      if (outcome.kind !== "conflict") return outcome;
      return { kind: "created", runs: [{ id: outcome.runId, isAdopted: true }], claimed: [] };
    },
  }),
  "puts off what is due": (store) => ({ advanceTime: ({ now, limit }) => store.advanceTime({ now: now - 1, limit }) }),
  "poisons a crash too early": (store) => ({
    recoverRuns: (request) => store.recoverRuns({ ...request, poisonAfter: request.poisonAfter - 1 }),
  }),
  "hands out a suspect beside another": (store) => ({
    claimRuns: (request) => store.claimRuns({ ...request, suspect: true }),
  }),
  "gives back a run that backs off": (store) => ({
    settleRuns: ({ settlements, now }) =>
      store.settleRuns({
        settlements: settlements.map((settlement) =>
          settlement.kind === "back-off" ? { ...settlement, kind: "give-back" as const } : settlement,
        ),
        now,
      }),
  }),
};

async function openBroken(fault: (store: Store) => Partial<Store>): Promise<OpenedStore> {
  const opened = await openMemory();
  const store = { ...opened.store, ...fault(opened.store) };
  return { ...opened, store, openPeer: async () => store, reopen: async () => opened.reopen().then(() => store) };
}

for (const [fault, breakIt] of Object.entries(FAULTS)) {
  test(`the model finds a store that ${fault}, and a short history that shows it`, async () => {
    const report = await checkModel({ open: () => openBroken(breakIt) }, { commands: 3_000, seed: 7 });
    expect(report.failure).toMatch(/Shrunk [1-9]/);
  });
}
