import { asDecoded, decode, encode } from "@beckon/core/runtime";
import type { IO, StepKey } from "@beckon/core/runtime";
import type { Place } from "./frame.ts";
import { Scope } from "./scope.ts";
import { toStepId } from "./step-id.ts";
import { finished, saveStep } from "./step.ts";

/**
 * `io.parallel`: every item in a scope of its own, its value kept when it is there. An item may wait: like
 * the run itself it is then executed again from its beginning, so its side effects belong in tasks.
 */
export async function runParallel<Item, Value>(
  place: Place,
  key: StepKey,
  work: {
    readonly items: readonly Item[];
    readonly run: (item: Item, index: number, io: IO) => Value | Promise<Value>;
  },
): Promise<Value[]> {
  const id = place.scope.claimKey(key);
  return Promise.all(
    work.items.map((item, index) => runItem(place, toStepId(id, String(index)), (io) => work.run(item, index, io))),
  );
}

async function runItem<Value>(place: Place, id: string, run: (io: IO) => Value | Promise<Value>): Promise<Value> {
  const { frame } = place;
  const known = frame.memo.get(id);
  if (known?.output != null) {
    const { output } = known;
    return frame.work(place.scope, async () => {
      await frame.completions.turnOf(known);
      // The codec gives back what this item once encoded.
      return decode(output) as Value;
    });
  }
  const attempts = { run: frame.claimed.run.attempt };
  const scope = new Scope({ id, parent: place.scope, kind: "branch", attempts });
  // Awaited also where nothing keeps it from beginning: what follows the call must not see that the item began, because on replay
  // it may not; nor be at the place that it enters.
  await frame.work(place.scope, async () => frame.beforeNewStep(place.scope));
  const value = await run(frame.enter({ frame, scope }));
  scope.noteReturn();
  return frame.work(place.scope, async () => {
    const output = encode(value, `The result of step "${id}"`);
    await saveStep(place, { id, kind: "branch", name: id }, finished(place, output));
    return asDecoded(value, output);
  });
}
