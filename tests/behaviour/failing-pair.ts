import { createGate, type Gate } from "./gate.ts";
import { createLedger, type Ledger } from "./ledger.ts";

/** Two pieces of work, of which one fails while the other is at work. */
export interface FailingPair {
  readonly ledger: Ledger;
  readonly gate: Gate;
  /** Fails in the first attempt, once `slow` is at work. */
  readonly bad: (attempt: number) => Promise<string>;
  /** Notes that it begins and ends; ends with the gate. */
  readonly slow: () => Promise<string>;
}

export function createFailingPair(): FailingPair {
  const ledger = createLedger();
  const gate = createGate();
  return {
    ledger,
    gate,
    bad: async (attempt) => {
      await ledger.until("slow begins");
      if (attempt === 1) throw new Error("flaky");
      return "good";
    },
    slow: async () => {
      ledger.note("slow begins");
      await gate.passed;
      ledger.note("slow ends");
      return "done";
    },
  };
}

/** All that can go on without time has gone on. */
export async function someTurns(): Promise<void> {
  for (let turns = 0; turns < 30; turns += 1) await new Promise((resolve) => void setImmediate(resolve));
}
