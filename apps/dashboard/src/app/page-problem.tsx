import type { ErrorComponentProps } from "@tanstack/react-router";
import { Problem } from "../ui/problem.tsx";

/** A page that could not be shown, such as one whose files a newer server no longer has. */
export function PageProblem({ error }: ErrorComponentProps) {
  return <Problem error={error} onRetry={() => location.reload()} />;
}
