import type { AsyncCommand } from "fast-check";
import { compareWithModel } from "./compare-with-model.ts";
import type { Model } from "./model.ts";
import type { Playground } from "./playground.ts";

export type Command = AsyncCommand<Model, Playground, true>;

/** One thing that somebody does: to the model and to the store, which must then tell the same. */
export interface Play {
  /** How it reads in a failure. */
  readonly name: string;
  readonly isPossible: (model: Readonly<Model>) => boolean;
  readonly run: (model: Model, real: Playground) => Promise<void>;
}

export function toCommand({ name, isPossible, run }: Play, onPlayed: () => void): Command {
  return {
    check: async (model) => isPossible(model),
    run: async (model, real) => {
      await run(model, real);
      await compareWithModel(model, real);
      onPlayed();
    },
    toString: () => name,
  };
}

/** One of the candidates, the same for the same number. */
export function pick<Candidate>(candidates: readonly Candidate[], index: number): Candidate {
  const candidate = candidates[index % candidates.length];
  if (candidate === undefined) throw new Error("There is nothing to pick from.");
  return candidate;
}
