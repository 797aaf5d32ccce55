import { restrictedImports } from "./restricted-imports.ts";
import { restrictedSyntax } from "./restricted-syntax.ts";
import { ruleAboutImports, ruleAboutReasons, ruleAboutSyntax } from "./rule.ts";

const syntaxRules = Object.entries(restrictedSyntax).map(([name, restriction]) => [name, ruleAboutSyntax(restriction)]);

/** The rules of this repository that no linter ships. Every message says what to do instead. */
export default {
  meta: { name: "house" },
  rules: {
    ...Object.fromEntries(syntaxRules),
    "import-from-its-room": ruleAboutImports(restrictedImports),
    "disable-with-a-reason": ruleAboutReasons(),
  },
};
