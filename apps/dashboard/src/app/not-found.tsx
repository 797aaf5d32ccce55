import { Link } from "@tanstack/react-router";
import { EmptyState } from "../ui/empty-state.tsx";

export function NotFound() {
  return (
    <EmptyState title="There is no such page">
      <Link to="/runs" className="text-accent underline">
        Look among the runs
      </Link>
    </EmptyState>
  );
}
