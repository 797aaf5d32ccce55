import { syntaxTree } from "@codemirror/language";
import type { Diagnostic } from "@codemirror/lint";
import type { EditorState } from "@codemirror/state";

type SyntaxNode = ReturnType<ReturnType<typeof syntaxTree>["resolve"]>;

/** Something wrong with a part of a value, or, where the text is no JSON, with a place in it. */
export type PathProblem = { readonly message: string } & (
  | { readonly path: readonly (string | number)[] }
  | { readonly offset: number }
);

/** Puts each problem where its part of the value is written; what is missing, at what it is missing from. */
export function toDiagnostics(state: EditorState, problems: readonly PathProblem[]): readonly Diagnostic[] {
  return problems.map((problem) => ({ severity: "error", message: problem.message, ...rangeOf(state, problem) }));
}

function rangeOf(state: EditorState, problem: PathProblem): { readonly from: number; readonly to: number } {
  if ("offset" in problem) {
    const from = Math.min(problem.offset, state.doc.length);
    return { from, to: Math.min(from + 1, state.doc.length) };
  }
  const root = syntaxTree(state).topNode.firstChild;
  if (root === null) return { from: 0, to: 0 };
  let node = root;
  for (const key of problem.path) {
    const child = memberOf(state, node, key);
    if (child === null) return { from: node.from, to: Math.min(node.from + 1, node.to) };
    node = child;
  }
  return { from: node.from, to: node.to };
}

function memberOf(state: EditorState, node: SyntaxNode, key: string | number): SyntaxNode | null {
  if (node.name === "Array") return node.getChildren("").length === 0 ? elementAt(node, Number(key)) : null;
  for (const property of node.getChildren("Property")) {
    const name = property.getChild("PropertyName");
    if (name !== null && state.sliceDoc(name.from, name.to) === JSON.stringify(String(key))) return property.lastChild;
  }
  return null;
}

function elementAt(array: SyntaxNode, index: number): SyntaxNode | null {
  let position = -1;
  for (let child = array.firstChild; child !== null; child = child.nextSibling) {
    if (!/^[[\],⚠]$/.test(child.name)) position += 1;
    if (position === index) return child;
  }
  return null;
}
