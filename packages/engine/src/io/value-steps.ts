import { decode, encode, InvalidOptionError } from "@beckon/core/runtime";
import type { IO, StepKey } from "@beckon/core/runtime";
import type { Place } from "./frame.ts";
import { finished, saveStep } from "./step.ts";

/** A step whose value is made in an instant, and is the same on every replay. */
async function rememberValue<Value>(
  place: Place,
  step: { readonly id: string; readonly name: string },
  make: () => Value,
): Promise<Value> {
  return place.frame.work(async () => {
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

/** `io.random`, `io.now` and `io.uuid`. */
export function createValueCalls(place: () => Place): Pick<IO, "random" | "now" | "uuid"> {
  const remember = async <Value>(key: StepKey, name: string, make: (place: Place) => Value): Promise<Value> => {
    const here = place();
    return rememberValue(here, { id: here.scope.claimKey(key), name }, () => make(here));
  };
  return {
    random: async (key, options = {}) => {
      const { min = 0, max = 1, round = false } = options;
      if (!(min <= max)) throw new InvalidOptionError("min", `${min} is above max, ${max}`);
      return remember(key, "random", ({ frame }) => pick(frame.parts.randomness.next(), { min, max, round }));
    },
    now: async (key) => remember(key, "now", ({ frame }) => new Date(frame.parts.clock.now())),
    uuid: async (key) => remember(key, "uuid", ({ frame }) => frame.parts.randomness.uuid()),
  };
}

function pick(chance: number, range: { readonly min: number; readonly max: number; readonly round: boolean }): number {
  const { min, max, round } = range;
  if (!round) return min + chance * (max - min);
  const lowest = Math.ceil(min);
  return lowest + Math.floor(chance * (Math.floor(max) - lowest + 1));
}
