import { decode, encode, InvalidOptionError } from "@beckon/core/runtime";
import type { IO, StepKey } from "@beckon/core/runtime";
import type { Place } from "./frame.ts";
import { formatKey } from "./step-id.ts";
import { checkOptions, ofStep } from "./step-options.ts";
import { finished, saveStep } from "./step.ts";

/** A step whose value is made in an instant, and is the same on every replay. */
async function rememberValue<Value>(
  place: Place,
  step: { readonly id: string; readonly name: string },
  make: () => Value,
): Promise<Value> {
  return place.frame.work(place.scope, async () => {
    const known = place.frame.memo.get(step.id);
    // The codec gives back what this step once encoded.
    if (known?.output != null) {
      await place.frame.completions.turnOf(known);
      return decode(known.output) as Value;
    }
    await place.frame.beforeNewStep(place.scope);
    const value = make();
    await saveStep(
      place,
      { ...step, kind: "value" },
      finished(place, encode(value, `The value of step "${step.name}"`)),
    );
    return value;
  });
}

type RandomOptions = Parameters<IO["random"]>[1];

/** Every option there is: one that is missing here does not compile. */
const RANDOM_OPTIONS: Readonly<Record<keyof NonNullable<RandomOptions>, true>> = { min: true, max: true, round: true };

/** `io.random`. */
export async function rememberRandom(place: Place, key: StepKey, options: RandomOptions = {}): Promise<number> {
  const make = (): number => {
    const step = `Random value ${formatKey(key)}`;
    checkOptions(step, options, RANDOM_OPTIONS);
    const { min = 0, max = 1, round = false } = options;
    ofStep(step, () => checkRange({ min, max, round }));
    return pick(place.frame.parts.randomness.next(), { min, max, round });
  };
  return rememberValue(place, { id: place.scope.claimKey(key), name: "random" }, make);
}

/** `io.now`. */
export async function rememberNow(place: Place, key: StepKey): Promise<Date> {
  const make = (): Date => new Date(place.frame.parts.clock.now());
  return rememberValue(place, { id: place.scope.claimKey(key), name: "now" }, make);
}

/** `io.uuid`. */
export async function rememberUuid(place: Place, key: StepKey): Promise<string> {
  const make = (): string => place.frame.parts.randomness.uuid();
  return rememberValue(place, { id: place.scope.claimKey(key), name: "uuid" }, make);
}

interface Range {
  readonly min: number;
  readonly max: number;
  readonly round: boolean;
}

/** @throws InvalidOptionError where nothing lies between, or everything does */
function checkRange({ min, max, round }: Range): void {
  if (min > max) throw new InvalidOptionError("min", `${min} is above max, ${max}`);
  if (!Number.isFinite(max - min)) {
    throw new InvalidOptionError("max", `nothing can be picked from ${min} to ${max}: give two finite numbers`);
  }
  if (round && Math.ceil(min) > Math.floor(max)) {
    throw new InvalidOptionError(
      "round",
      `no whole number lies from ${min} to ${max}: leave it out, or widen the range`,
    );
  }
}

function pick(chance: number, range: Range): number {
  const { min, max, round } = range;
  if (!round) return min + chance * (max - min);
  const lowest = Math.ceil(min);
  return lowest + Math.floor(chance * (Math.floor(max) - lowest + 1));
}
