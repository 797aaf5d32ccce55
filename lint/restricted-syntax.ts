/** Code that is not written here: how to find it, and what to write instead. */
export interface SyntaxRestriction {
  readonly selectors: readonly string[];
  readonly instead: string;
}

const RUNNER = "/^(test|it|describe|suite)$/";

/** One lint rule each, named by its key. Where a rule applies is said in .oxlintrc.json. */
export const restrictedSyntax = {
  "no-default-export": {
    selectors: ["ExportDefaultDeclaration", "ExportSpecifier[exported.name='default']"],
    instead: "Export it by name, so that it is called the same thing wherever it is used.",
  },
  "no-enum": {
    selectors: ["TSEnumDeclaration"],
    instead: "Write a union of string literals, or an `as const` object: Node strips types and runs what is left.",
  },
  "no-namespace": {
    selectors: ["TSModuleDeclaration[kind='namespace']"],
    instead: "A file is the namespace: move these to a file of their own and export them by name.",
  },
  "no-console": {
    selectors: ["MemberExpression[object.name='console']"],
    instead: "Return what happened as a value, or call the logger that was handed in; only apps print.",
  },
  "no-process-env": {
    selectors: ["MemberExpression[object.name='process'][property.name='env']"],
    instead: "Take the value as an option; an app's one file that reads the environment passes it down.",
  },
  "no-ambient-time": {
    selectors: [
      "CallExpression[callee.object.name='Date'][callee.property.name='now']",
      "NewExpression[callee.name='Date'][arguments.length=0]",
      "CallExpression[callee.name=/^(setTimeout|setInterval)$/]",
      "CallExpression[callee.object.name='Math'][callee.property.name='random']",
    ],
    instead: "Read the clock and the randomness that were handed in: engine code is tested on a manual clock.",
  },
  "no-module-mock": {
    selectors: [
      "CallExpression[callee.object.name=/^(vi|vitest)$/][callee.property.name=/^(mock|doMock|hoisted|spyOn|stubGlobal)$/]",
    ],
    instead: "Hand the code a real collaborator it can be given: the in-memory store, a manual clock, a local server.",
  },
  "no-sleep": {
    selectors: [
      "CallExpression[callee.name=/^(setTimeout|setInterval|sleep)$/]",
      "ImportDeclaration[source.value='node:timers/promises']",
    ],
    instead: "Advance the manual clock, or await the event itself; across processes `expect.poll` or `vi.waitFor`.",
  },
  "no-skipped-test": {
    selectors: [
      `MemberExpression[object.name=${RUNNER}][property.name=/^(only|skip|todo|fails|skipIf|runIf)$/]`,
      `CallExpression[callee.name=${RUNNER}] > ObjectExpression > Property[key.name=/^(only|skip|todo|fails)$/]`,
      // By what a test is given.
      `CallExpression[callee.name=${RUNNER}] > :function > ObjectPattern > Property[key.name=skip]`,
      `CallExpression[callee.property.name=skip][callee.object.name!=${RUNNER}]`,
    ],
    instead:
      "Make the test hold, or delete it and file the issue; to run one test alone use `vitest run FILE -t NAME`.",
  },
  "no-shared-test-state": {
    selectors: ["CallExpression[callee.name=/^(beforeEach|afterEach|beforeAll|afterAll)$/]"],
    instead: "Let each test make its own world: `await using server = await startTestServer({ jobs })`.",
  },
  "no-snapshot": {
    selectors: [
      "MemberExpression[property.name=/^(toMatchSnapshot|toMatchInlineSnapshot|toMatchFileSnapshot|toThrowErrorMatchingSnapshot|toThrowErrorMatchingInlineSnapshot)$/]",
    ],
    instead: "State the fact that must hold with `toEqual` or `toBe`.",
  },
} as const satisfies Record<string, SyntaxRestriction>;
