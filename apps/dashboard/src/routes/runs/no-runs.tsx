import { Link } from "@tanstack/react-router";
import { EmptyState } from "../../ui/empty-state.tsx";

export function NoRuns({ isFiltered }: { readonly isFiltered: boolean }) {
  if (isFiltered) {
    return (
      <EmptyState title="No run fits these filters">
        Take one away, or{" "}
        <Link to="/runs" className="text-accent underline">
          show all runs
        </Link>
        . A search finds run ids by their beginning, and idempotency keys.
      </EmptyState>
    );
  }
  return (
    <EmptyState
      title="Nothing has run yet"
      command={'const run = await exampleJob.invoke({ userId: "1234", tier: "free" });'}
    >
      Call a job where you import it, as below, or{" "}
      <Link to="/jobs" className="text-accent underline">
        try one from its test page
      </Link>
      . The run appears here by itself.
    </EmptyState>
  );
}
