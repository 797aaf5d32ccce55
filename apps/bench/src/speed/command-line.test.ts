import { expect, test } from "vitest";
import { readCommandLine } from "./command-line.ts";
import { limits } from "./systems/limits.ts";
import { ours } from "./systems/ours.ts";

const around = { systems: [...limits, ...ours], out: { whole: "docs/benchmarks", part: "reports/benchmarks" } };
const read = (...words: string[]) => readCommandLine(words, around);

test("without options everything is measured in three rounds", () => {
  expect(read()).toMatchObject({ rounds: 3, out: "docs/benchmarks" });
  expect(read()).toHaveProperty("systems.length", around.systems.length);
});

test("systems and workloads are chosen by the beginnings of their ids", () => {
  const command = read("--systems", "beckon", "--workloads", "w1,w5-100", "--rounds", "1");
  if ("message" in command) throw new Error(command.message);
  expect(command.systems.map(({ id }) => id)).toEqual(ours.map(({ id }) => id));
  expect(command.workloads).toEqual(["w1-one", "w1-64", "w5-100"]);
});

test.each([
  [["--workloads", "w9"], '--workloads: none begins with "w9". There are w1-one, w1-64'],
  [["--systems", "beckon,rabbit"], '--systems: none begins with "rabbit". There are limit'],
  [["--rounds", "many"], "--rounds many: give a whole number from 1 on."],
  [["--round", "1"], "Unknown option '--round'"],
])("%j is refused in a sentence, with what there is", (words, sentence) => {
  const problem = read(...words);
  expect(problem).toMatchObject({ exitCode: 2 });
  expect(problem).toHaveProperty("message", expect.stringContaining(sentence));
});

test("what was asked for is told as it was said, but for where it writes", () => {
  expect(read()).toMatchObject({ asked: "--rounds 3" });
  expect(read("--out", "elsewhere", "--workloads", "w1")).toMatchObject({ asked: "--rounds 3 --workloads w1" });
});

test("a part of it does not replace the published page, nor pass for the whole", () => {
  expect(read("--workloads", "w1")).toMatchObject({ out: "reports/benchmarks", isWhole: false });
  expect(read("--systems", "beckon", "--out", "elsewhere")).toMatchObject({ out: "elsewhere", isWhole: false });
  expect(read("--out", "elsewhere")).toMatchObject({ isWhole: true });
});

test("help is no mistake", () => {
  expect(read("--help")).toMatchObject({ exitCode: 0, message: expect.stringContaining("--workloads LIST") });
});
