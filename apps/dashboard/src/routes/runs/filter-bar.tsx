import { useNavigate } from "@tanstack/react-router";
import { Search, X } from "lucide-react";
import { useEffect, useState } from "react";
import type { ChangeSearch, RunSearch } from "../../app/run-search.ts";
import { Button } from "../../ui/button.tsx";
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
      <SearchField value={search.q ?? ""} onChange={(q) => change({ q })} />
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

interface SearchFieldProps {
  readonly value: string;
  readonly onChange: (value: string) => void;
}

const TYPING_MS = 250;

/** Searches once the typing pauses. */
function SearchField({ value, onChange }: SearchFieldProps) {
  const [text, setText] = useState(value);
  const [known, setKnown] = useState(value);
  // The URL changed from elsewhere, as by going back: the field follows, without losing what is being typed.
  if (value !== known) {
    setKnown(value);
    if (value !== text.trim()) setText(value);
  }
  useEffect(() => {
    if (text === value) return undefined;
    const timer = setTimeout(() => onChange(text.trim()), TYPING_MS);
    return () => clearTimeout(timer);
  }, [text, value, onChange]);
  return (
    <div className="relative w-full sm:w-72">
      <Search aria-hidden className="absolute top-1/2 left-2 size-3.5 -translate-y-1/2 text-ink-faint" />
      <input
        id="run-search"
        type="search"
        value={text}
        onChange={(event) => setText(event.target.value)}
        placeholder="Run id or idempotency key"
        aria-label="Search by run id or idempotency key"
        className="field pl-7"
      />
    </div>
  );
}
