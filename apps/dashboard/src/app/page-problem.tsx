import type { ErrorComponentProps } from "@tanstack/react-router";
import { Problem } from "../ui/problem.tsx";

/** A page that could not be shown, such as one whose files a newer server no longer has. */
export function PageProblem({ error }: ErrorComponentProps) {
  return <Problem error={error} onRetry={() => void reload()} />;
}

/** Not while the server is away: the browser would show a page of its own, and nothing of this one would be left. */
async function reload(): Promise<void> {
  try {
    await fetch(location.href);
  } catch {
    return;
  }
  location.reload();
}
