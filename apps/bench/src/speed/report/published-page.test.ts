import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { judge, type Verdict } from "../judge.ts";
import { targets } from "../targets.ts";
import { WORKLOADS } from "../workloads/measure-workload.ts";
import { type Report, toMarkdown } from "./to-markdown.ts";

const DOCS = join(import.meta.dirname, "../../../../../docs");

/** What was written beside the page. What meets a target is a function, and so none of it. */
function readReport(): Report {
  const { verdicts, ...figures } = JSON.parse(readFileSync(join(DOCS, "benchmarks.json"), "utf8")) as Report;
  const withMeets = verdicts.map((verdict): Verdict => {
    const target = targets.find(({ title }) => title === verdict.title);
    if (target === undefined) throw new Error(`There is no target "${verdict.title}" any more.`);
    return { ...verdict, meets: judge(target, figures.results).meets };
  });
  return { ...figures, workloads: WORKLOADS, verdicts: withMeets, earlier: figures.earlier ?? [] };
}

test("docs/benchmarks.md says what docs/benchmarks.json says, figure by figure", () => {
  expect(readFileSync(join(DOCS, "benchmarks.md"), "utf8")).toBe(toMarkdown(readReport()));
});
