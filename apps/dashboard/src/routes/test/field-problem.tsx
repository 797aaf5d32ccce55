/** Why what is typed cannot be read, below the field. */
export function FieldProblem({ text }: { readonly text: string | null }) {
  return text === null ? null : <p className="text-xs text-failure">{text}</p>;
}
