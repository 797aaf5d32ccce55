import { relative } from "node:path";
import type { RuleTester } from "oxlint/plugins-dev";
import type { ImportRestriction } from "./restricted-imports.ts";
import type { SyntaxRestriction } from "./restricted-syntax.ts";

type LintRule = Parameters<RuleTester["run"]>[1];

export function ruleAboutSyntax({ selectors, instead }: SyntaxRestriction): LintRule {
  return {
    create: (context) => ({
      [selectors.join(", ")]: (node) => context.report({ node, message: instead }),
    }),
  };
}

const IMPORTED_NAME =
  ":matches(ImportDeclaration, ImportExpression, ExportNamedDeclaration, ExportAllDeclaration) > Literal.source";

/** Looks at static, dynamic and re-exporting imports alike. */
export function ruleAboutImports(restrictions: readonly ImportRestriction[]): LintRule {
  return {
    create(context) {
      const file = relative(context.cwd, context.filename).replaceAll("\\", "/");
      const here = restrictions.filter(({ files, exceptFiles }) => files.test(file) && !exceptFiles?.test(file));
      return {
        [IMPORTED_NAME](node) {
          if (node.type !== "Literal" || typeof node.value !== "string") return;
          const source = node.value;
          const broken = here.find((restriction) => restriction.source.test(source));
          if (broken) context.report({ node, message: broken.instead });
        },
      };
    },
  };
}

const DISABLING = /^\s*(oxlint|eslint)-disable/;
const REASON = /--\s*\S+\s+\S+/;

/** A disabled rule carries its reason in the same comment. */
export function ruleAboutReasons(): LintRule {
  return {
    create: (context) => ({
      Program() {
        for (const comment of context.sourceCode.getAllComments()) {
          if (!DISABLING.test(comment.value) || REASON.test(comment.value)) continue;
          context.report({
            node: comment,
            message: "Say why in the same comment: `oxlint-disable-next-line RULE -- because …`.",
          });
        }
      },
    }),
  };
}
