import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { ROOT, toPage } from "./pages.ts";
import { createProject } from "./project.ts";

/** What the ten lines of a package's README take for granted. */
const GIVEN: Readonly<Record<string, string>> = {
  client: "const token: string | undefined = undefined;",
  core: "",
  engine:
    'import type { Store } from "@beckon/engine";\nimport type { Job } from "@beckon/core";\n' +
    "declare const store: Store;\ndeclare const greet: Job<{ name: string }, { name: string }, string, never>;",
  jobs:
    'import { BeckonClient, invokeTrigger } from "@beckon/core";\nimport { z } from "zod";\n' +
    'const client = new BeckonClient({ id: "acme" });',
  router: "",
  server: "",
  sqlite: 'import { createEngine } from "@beckon/engine";\nconst jobs: never[] = [];',
};

test("the code of every package's README compiles", async () => {
  const blocks = Object.entries(GIVEN).flatMap(([name, given]) => {
    const page = toPage(name, readFileSync(join(ROOT, "packages", name, "README.md"), "utf8"));
    expect(page.blocks).toHaveLength(1);
    return page.blocks.map(({ file, code }) => ({ file, code: `${given}\n${code}` }));
  });
  using project = createProject(blocks);
  expect(await project.compile()).toBe("");
}, 60_000);
