import { describe, expect, test } from "vitest";
import type { StoreHarness } from "../store-harness.ts";
import { checkModel, type ModelOptions } from "./check-model.ts";

const TIMEOUT_MS = 30 * 60 * 1_000;

/** Plays random histories on stores of this harness, beside the model. */
export function describeModel(name: string, harness: StoreHarness, options: ModelOptions): void {
  describe(`the model and ${name}`, () => {
    test(
      `tell the same after each of ${options.commands} commands (seed ${options.seed})`,
      { timeout: TIMEOUT_MS },
      async ({ annotate }) => {
        const { commands, histories, seed, failure } = await checkModel(harness, options);
        await annotate(`${commands} commands in ${histories} histories from seed ${seed}`);
        expect(failure).toBeNull();
      },
    );
  });
}
