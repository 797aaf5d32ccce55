import { ListFilterPlus, X } from "lucide-react";
import type { ChangeSearch, RunSearch } from "../../app/run-search.ts";
import { Button } from "../../ui/button.tsx";
import { Popover } from "../../ui/popover.tsx";

const FIELDS = [
  { name: "tag", label: "Tag", placeholder: "user:1234" },
  { name: "version", label: "Version", placeholder: "1.0.1" },
  { name: "account", label: "Account", placeholder: "acct_1" },
  { name: "parent", label: "Parent run", placeholder: "run_…" },
] as const;

/** The browser lets as many digits be typed for the year as this one has. */
const LAST_MINUTE = "9999-12-31T23:59";

interface MoreFiltersProps {
  readonly search: RunSearch;
  readonly onChange: ChangeSearch;
}

/** The filters that are typed, and a mark for each that is set. */
export function MoreFilters({ search, onChange }: MoreFiltersProps) {
  const set = [...FIELDS.map(({ name, label }) => [name, label] as const), ["to", "Before"] as const].filter(
    ([name]) => search[name] !== undefined,
  );
  return (
    <>
      <Popover
        label="More filters"
        trigger={
          <Button>
            <ListFilterPlus aria-hidden />
            More
          </Button>
        }
      >
        <FilterForm search={search} onChange={onChange} />
      </Popover>
      {set.map(([name, label]) => (
        <span key={name} className="inline-flex h-8 items-center gap-1 rounded-[7px] bg-accent-soft pl-2.5 text-accent">
          {label}: <span className="max-w-40 truncate font-mono text-xs">{search[name]}</span>
          <Button
            look="quiet"
            size="icon"
            className="size-7 text-accent"
            aria-label={`Remove the filter ${label}`}
            onClick={() => onChange({ [name]: undefined })}
          >
            <X />
          </Button>
        </span>
      ))}
    </>
  );
}

function FilterForm({ search, onChange }: MoreFiltersProps) {
  const submit = (form: HTMLFormElement): void => {
    const data = new FormData(form);
    const texts = FIELDS.map(({ name }) => [name, textOf(data, name).trim()]);
    const instants = ["from", "to"].map((name) => [name, toIso(textOf(data, name))]);
    const changed = instants.filter(([, text]) => text !== "");
    onChange(Object.fromEntries([...texts, ...changed]));
  };
  return (
    <form
      className="flex w-72 flex-col gap-2 p-1.5"
      onSubmit={(event) => {
        event.preventDefault();
        submit(event.currentTarget);
      }}
    >
      {FIELDS.map(({ name, label, placeholder }) => (
        <label key={name} className="flex flex-col gap-0.5 text-xs text-ink-soft">
          {label}
          <input name={name} defaultValue={search[name] ?? ""} placeholder={placeholder} className="field text-ink" />
        </label>
      ))}
      {["from", "to"].map((name) => (
        <label key={name} className="flex flex-col gap-0.5 text-xs text-ink-soft">
          {name === "from" ? "Created at or after" : "Created before"}
          <input name={name} type="datetime-local" max={LAST_MINUTE} className="field text-ink" />
        </label>
      ))}
      <Button type="submit" look="primary">
        Apply
      </Button>
    </form>
  );
}

function textOf(data: FormData, name: string): string {
  const value = data.get(name);
  return typeof value === "string" ? value : "";
}

/** What the field holds is local time; the URL names the instant. What is no date, as one of a year of five digits, is none. */
function toIso(local: string): string {
  const at = new Date(local);
  return Number.isNaN(at.getTime()) ? "" : at.toISOString();
}
