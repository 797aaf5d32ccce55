import { expect, test } from "vitest";
import { tellOutcome, toOutcome } from "./bulk-actions.ts";

const fulfilled = { status: "fulfilled", value: undefined } as const;
const rejected = (message: string) => ({ status: "rejected", reason: new Error(message) }) as const;

test("of a bulk action it is known which runs refused, and why", () => {
  const outcome = toOutcome(["a", "b", "c"], [fulfilled, rejected("Run b is finished."), fulfilled]);
  expect(outcome).toEqual({ done: 2, refused: [{ id: "b", reason: "Run b is finished." }] });
  const [sentence, ...lines] = tellOutcome("cancel", outcome).split("\n");
  expect(sentence).toBe("2 runs canceled, 1 not, which is still selected.");
  expect(lines).toEqual(["b: Run b is finished."]);
});

test("where all went well one sentence is enough", () => {
  expect(tellOutcome("retry", toOutcome(["a"], [fulfilled]))).toBe("1 run opened again.");
});

test("of many refusals the first are told, and how many more there are", () => {
  const ids = ["a", "b", "c", "d", "e", "f", "g"];
  const lines = tellOutcome(
    "cancel",
    toOutcome(
      ids,
      ids.map((id) => rejected(`no ${id}`)),
    ),
  ).split("\n");
  expect(lines).toHaveLength(7);
  expect(lines.at(-1)).toBe("And 2 more.");
});
