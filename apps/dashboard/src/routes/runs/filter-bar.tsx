import { useNavigate } from "@tanstack/react-router";
import { X } from "lucide-react";
import type { ChangeSearch, RunSearch } from "../../app/run-search.ts";
import { Button } from "../../ui/button.tsx";
import { SearchField } from "../../ui/search-field.tsx";
import { ChoiceFilters } from "./choice-filters.tsx";
import { MoreFilters } from "./more-filters.tsx";

/** Everything the list can be narrowed by; the URL is where it is kept. */
export function FilterBar({ search }: { readonly search: RunSearch }) {
  const navigate = useNavigate();
  const change: ChangeSearch = (changes) => {
    const next = Object.entries({ ...search, ...changes }).filter(([, value]) => value !== undefined && value !== "");
    void navigate({ to: "/runs", search: Object.fromEntries(next) as RunSearch, replace: true });
  };
  return (
    <div role="search" aria-label="Filter runs" className="flex flex-wrap items-center gap-1.5">
      <SearchField
        id="run-search"
        value={search.q ?? ""}
        onChange={(q) => change({ q })}
        placeholder="Run id or idempotency key"
        label="Search by run id or idempotency key"
      />
      <ChoiceFilters search={search} onChange={change} />
      <MoreFilters search={search} onChange={change} />
      {Object.keys(search).length > 0 && (
        <Button look="quiet" size="sm" onClick={() => void navigate({ to: "/runs", search: {} })}>
          <X />
          Clear filters
        </Button>
      )}
    </div>
  );
}
