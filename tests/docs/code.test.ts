import { describe, expect, test } from "vitest";
import { type Page, readPages, toPage } from "./pages.ts";
import { createProject } from "./project.ts";
import { runBlocks } from "./run-blocks.ts";

const pages = readPages();
const runnable = pages.filter(({ blocks }) => blocks.some(({ isRun }) => isRun));

async function compile(some: readonly Page[]): Promise<string> {
  using project = createProject(some.flatMap(({ blocks }) => blocks));
  return await project.compile();
}

/** A sentence for each block that does not print what its page says. */
async function run({ blocks }: Page): Promise<string> {
  using project = createProject(blocks);
  const problems = await runBlocks(
    project.folder,
    blocks.filter(({ isRun }) => isRun),
  );
  return problems.join("\n");
}

function runCode(code: string): Promise<string> {
  return run(toPage("example", `\`\`\`ts run\n${code}\n\`\`\`\n`));
}

test("the code of every page compiles", async () => {
  expect(pages.length).toBeGreaterThan(5);
  expect(await compile(pages)).toBe("");
}, 60_000);

describe("the code that is marked so runs, and prints what is said", () => {
  test.each(runnable)("on the page $name", async (page) => expect(await run(page)).toBe(""), 60_000);
});

describe("the check itself", () => {
  test("notices code that does not compile, in any of a page's files", async () => {
    const greet = "```ts file=greet.ts\nexport const greet = (name: string) => `Hello, ${name}`;\n```\n";
    const call = '```ts\nimport { greet } from "./greet.ts";\nvoid greet(1);\n```\n';
    const unknown = '```tsx\nimport { createQueue } from "@beckon/core";\nvoid createQueue;\n```\n';
    const found = await compile([toPage("wrong", greet + call + unknown)]);
    expect(found).toMatch(/^wrong\/block-2\.ts\(2,12\): error TS2345/m);
    expect(found).toMatch(/^wrong\/block-3\.tsx\(1,10\): error TS2305.*createQueue/m);
  }, 60_000);

  test("notices code that prints something else, more than is said, or fails", async () => {
    expect(await runCode("console.log(1 + 1); // → 3")).toContain("printed:\n2\nand not:\n3");
    expect(await runCode("console.log(1);")).toContain("printed:\n1\nand not:\n");
    expect(await runCode('throw new Error("no"); // → 1')).toContain("Error: no");
    expect(await runCode('console.log("run_1"); // → run_…')).toBe("");
  });
});
