import { RuleTester } from "oxlint/plugins-dev";
import { describe, expect, it, test } from "vitest";
import { restrictedImports } from "./restricted-imports.ts";
import { restrictedSyntax, type SyntaxRestriction } from "./restricted-syntax.ts";
import { ruleAboutImports, ruleAboutReasons, ruleAboutSyntax } from "./rule.ts";

RuleTester.describe = describe;
RuleTester.it = it;

const tester = new RuleTester({ languageOptions: { parserOptions: { lang: "ts" } }, cwd: "/project" });

/** For every rule about syntax, code that it refuses and the code that is meant instead. */
const syntaxCases: Readonly<Record<keyof typeof restrictedSyntax, { refused: string[]; meant: string[] }>> = {
  "no-default-export": {
    refused: ["export default 1;", "const a = 1; export { a as default };"],
    meant: ["export const a = 1;"],
  },
  "no-enum": { refused: ["enum Tier { Free }", "const enum Tier { Free }"], meant: ["type Tier = 'free' | 'pro';"] },
  "no-namespace": { refused: ["namespace A { export const b = 1; }"], meant: ["declare module 'a' {}"] },
  "no-console": { refused: ["console.log(1);"], meant: ["logger.info('ready');"] },
  "no-process-env": { refused: ["const p = process.env.PORT;"], meant: ["const p = process.pid;"] },
  "no-ambient-time": {
    refused: ["Date.now();", "new Date();", "setTimeout(f, 1);", "Math.random();"],
    meant: ["clock.now();", "new Date(1);"],
  },
  "no-module-mock": { refused: ["vi.mock('./store.ts');", "vi.spyOn(store, 'get');"], meant: ["vi.fn();"] },
  "no-sleep": {
    refused: [
      "await new Promise((resolve) => setTimeout(resolve, 5));",
      "import { setTimeout } from 'node:timers/promises';",
    ],
    meant: ["await clock.tick(5);"],
  },
  "no-skipped-test": {
    refused: [
      "test.skip('a', f);",
      "describe.only('a', f);",
      "it.todo('a');",
      "test('a', { skip: true }, f);",
      "test('a', (context) => context.skip());",
      "test('a', ({ skip }) => skip());",
    ],
    meant: ["test.each([1])('a', f);", "test('a', { timeout: 5 }, ({ signal }) => f(signal));"],
  },
  "no-shared-test-state": { refused: ["beforeEach(f);"], meant: ["test('a', f);"] },
  "no-snapshot": { refused: ["expect(a).toMatchInlineSnapshot();"], meant: ["expect(a).toEqual(b);"] },
};

const restrictions: Readonly<Record<string, SyntaxRestriction>> = restrictedSyntax;

for (const [name, { refused, meant }] of Object.entries(syntaxCases)) {
  const restriction = restrictions[name];
  if (!restriction) throw new Error(`There is no restriction called ${name}.`);
  tester.run(name, ruleAboutSyntax(restriction), {
    valid: meant,
    invalid: refused.map((code) => ({ code, errors: 1 })),
  });
}

const at = (filename: string, code: string) => ({ filename: `/project/${filename}`, code });

tester.run("import-from-its-room", ruleAboutImports(restrictedImports), {
  valid: [
    at("packages/engine/src/clock.ts", "import { performance } from 'node:perf_hooks';"),
    at("packages/core/src/job.test.ts", "import { readFileSync } from 'node:fs';"),
    at("packages/sqlite/src/open.ts", "import Database from 'better-sqlite3';"),
  ],
  invalid: [
    at("packages/core/src/job.ts", "import { readFileSync } from 'node:fs';"),
    at("packages/client/src/run.ts", "const fs = await import('node:fs');"),
    at("packages/engine/src/invoke.ts", "export { initTRPC } from '@trpc/server';"),
    at("packages/server/src/open.ts", "import Database from 'better-sqlite3';"),
    at("packages/client/src/run.ts", "import { Engine } from '@beckon/engine';"),
    at("apps/server/src/main.ts", "import { settle } from '@beckon/engine/src/settle.ts';"),
  ].map((one) => ({ ...one, errors: 1 })),
});

tester.run("disable-with-a-reason", ruleAboutReasons(), {
  valid: [
    "// oxlint-disable-next-line no-console -- a job of any shape is meant\nf();",
    "// An ordinary comment.\nf();",
  ],
  invalid: [{ code: "// oxlint-disable-next-line no-console\nf();", errors: 1 }],
});

test("every restriction says in a sentence what to do instead", () => {
  for (const { instead } of [...Object.values(restrictedSyntax), ...restrictedImports]) {
    expect(instead).toMatch(/^[A-Z`].{30,}\.$/);
  }
});
