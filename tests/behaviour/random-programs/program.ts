/*
 * Small programs of durable steps, made at random: sequences, branches at once, races, tasks with steps inside.
 */

export type Op =
  | { readonly kind: "task" | "flaky" | "fails" | "late" | "signal" | "value" | "log"; readonly path: string }
  | { readonly kind: "wait" | "child"; readonly path: string; readonly ms: number }
  | { readonly kind: "all" | "race" | "parallel"; readonly path: string; readonly branches: readonly (readonly Op[])[] }
  | { readonly kind: "nested"; readonly path: string; readonly ops: readonly Op[] };

/** Numbers from 0 to below `below`, the same for the same seed. */
export type Dice = (below: number) => number;

/** A linear congruential generator with the constants of Numerical Recipes. */
export function createDice(seed: number): Dice {
  let state = seed >>> 0;
  return (below) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
}

const SIMPLE = ["task", "task", "flaky", "fails", "late", "wait", "child", "signal", "value", "log"] as const;
const COMPOUND = ["all", "race", "parallel", "nested"] as const;

export function makeProgram(dice: Dice, path = "p", depth = 0): readonly Op[] {
  return Array.from({ length: 1 + dice(depth === 0 ? 5 : 3) }, (_, index) => makeOp(dice, `${path}.${index}`, depth));
}

function makeOp(dice: Dice, path: string, depth: number): Op {
  if (depth >= 2 || dice(3) > 0) {
    const kind = SIMPLE[dice(SIMPLE.length)] ?? "task";
    return kind === "wait" || kind === "child" ? { kind, path, ms: dice(5) * 500 } : { kind, path };
  }
  const kind = COMPOUND[dice(COMPOUND.length)] ?? "all";
  if (kind === "nested") return { kind, path, ops: makeProgram(dice, path, depth + 1) };
  const branches = Array.from({ length: 1 + dice(3) }, (_, index) => makeProgram(dice, `${path}/${index}`, depth + 1));
  return { kind, path, branches };
}
