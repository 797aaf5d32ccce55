import * as fc from "fast-check";
import { auditLives } from "../audit-lives.ts";
import type { StoreHarness } from "../store-harness.ts";
import type { Command } from "./command.ts";
import { histories } from "./histories.ts";
import { Model } from "./model.ts";
import { Playground } from "./playground.ts";

export interface ModelOptions {
  /** At least so many are played. */
  readonly commands: number;
  /** The same seed plays the same histories. */
  readonly seed: number;
}

export interface ModelReport {
  readonly seed: number;
  readonly commands: number;
  readonly histories: number;
  /** The shortest history found in which store and model differ, and how; null: there was none. */
  readonly failure: string | null;
}

/** The longest history. */
const MAX_COMMANDS = 150;
const HISTORIES_AT_ONCE = 10;

/**
 * Plays random histories on new stores and compares the store with the model after every command:
 * births, claims, steps, waits, settlements, cancels, expiry, crashes and restarts over two workers.
 */
export async function checkModel(harness: StoreHarness, { commands, seed }: ModelOptions): Promise<ModelReport> {
  const report = { seed, commands: 0, histories: 0 };
  const drawn = histories(MAX_COMMANDS, () => {
    report.commands += 1;
  });
  const property = fc.asyncProperty(drawn, (history) => play(harness, history));
  while (report.commands < commands) {
    const details = await fc.check(property, { seed: seed + report.histories, numRuns: HISTORIES_AT_ONCE });
    report.histories += details.numRuns;
    if (details.failed) return { ...report, failure: describeFailure(details) };
  }
  return { ...report, failure: null };
}

function describeFailure(details: fc.RunDetails<[Iterable<Command>]>): string {
  return `${fc.defaultReportMessage(details)}\n${String(details.errorInstance)}`;
}

async function play(harness: StoreHarness, history: Iterable<Command>): Promise<void> {
  const opened = await harness.open();
  try {
    const model = new Model();
    const real = await Playground.open(opened, model);
    await fc.asyncModelRun(() => ({ model, real }), history);
    await auditLives(real.desk(0).store);
  } finally {
    await opened[Symbol.asyncDispose]();
  }
}
