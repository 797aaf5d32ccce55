import { Button } from "../../ui/button.tsx";
import { Popover } from "../../ui/popover.tsx";
import { toValueText } from "../../values/value-text.ts";
import { insertSample } from "./insert-sample.ts";
import type { Draft } from "./use-draft.ts";

const SAMPLES: readonly (readonly [name: string, make: () => unknown])[] = [
  ["a Date", () => new Date()],
  ["a bigint", () => 9_007_199_254_740_993n],
  ["a Map", () => new Map([["key", 1]])],
  ["a Set", () => new Set(["one", "two"])],
  ["NaN", () => Number.NaN],
];

/** Teaches how values are written that JSON cannot say: adds one to the payload, to be edited there. */
export function InsertValue({ draft }: { readonly draft: Draft }) {
  const insert = (sample: unknown): void => {
    const { parsed } = draft;
    if (parsed.ok) draft.setText(toValueText(insertSample(parsed.value, sample)));
  };
  return (
    <div className="flex items-center gap-2 text-xs text-ink-soft">
      <Popover
        label="Insert a value that JSON cannot say"
        trigger={
          <Button size="sm" disabled={!draft.parsed.ok}>
            Insert a date, map, bigint…
          </Button>
        }
      >
        {SAMPLES.map(([name, make]) => (
          <button
            key={name}
            type="button"
            onClick={() => insert(make())}
            className="flex w-full rounded px-2 py-1 text-left hover:bg-sunken"
          >
            {name}
          </button>
        ))}
      </Popover>
      <span className="min-w-0">
        These are written as superjson: <code className="font-mono">{'{ "json": …, "meta": … }'}</code>
      </span>
    </div>
  );
}
