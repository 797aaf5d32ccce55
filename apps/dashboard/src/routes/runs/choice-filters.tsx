import { useQuery } from "@tanstack/react-query";
import { ChevronDown } from "lucide-react";
import { api } from "../../api/trpc.ts";
import { type ChangeSearch, type RunSearch, STATUSES, statusesOf } from "../../app/run-search.ts";
import { Button } from "../../ui/button.tsx";
import { Checkbox } from "../../ui/checkbox.tsx";
import { Popover } from "../../ui/popover.tsx";
import { Select } from "../../ui/select.tsx";
import { StatusBadge } from "../../ui/status-badge.tsx";
import { STATUS_LOOK } from "../../ui/status-look.ts";

interface FilterProps {
  readonly search: RunSearch;
  readonly onChange: ChangeSearch;
}

const TIMES = [
  ["", "Any time"],
  ["15m", "Last 15 minutes"],
  ["1h", "Last hour"],
  ["24h", "Last day"],
  ["7d", "Last 7 days"],
] as const;

const KINDS = [
  ["", "Test and real"],
  ["false", "Real runs"],
  ["true", "Test runs"],
] as const;

/** The filters with few choices. */
export function ChoiceFilters({ search, onChange }: FilterProps) {
  const { data: jobs = [] } = useQuery(api.catalog.list.queryOptions());
  const from = search.from ?? "";
  const times = TIMES.some(([value]) => value === from) ? TIMES : [...TIMES, [from, "Since an instant"] as const];
  return (
    <>
      <StatusFilter search={search} onChange={onChange} />
      <Choice
        label="Job"
        value={search.job ?? ""}
        options={[["", "All jobs"], ...jobs.map(({ id }) => [id, id] as const)]}
        onChange={(job) => onChange({ job })}
      />
      <Choice label="Created" value={from} options={times} onChange={(value) => onChange({ from: value })} />
      <Choice
        label="Test runs"
        value={search.test === undefined ? "" : String(search.test)}
        options={KINDS}
        onChange={(kind) => onChange({ test: kind === "" ? undefined : kind === "true" })}
      />
    </>
  );
}

function StatusFilter({ search, onChange }: FilterProps) {
  const chosen = statusesOf(search);
  const names = chosen.map((status) => STATUS_LOOK[status].label);
  const toggle = (status: (typeof STATUSES)[number], isOn: boolean): void => {
    onChange({ status: STATUSES.filter((one) => (one === status ? isOn : chosen.includes(one))).join(",") });
  };
  return (
    <Popover
      label="Filter by status"
      trigger={
        <Button>
          {names.length === 0 ? "Any status" : names.slice(0, 2).join(", ")}
          {names.length > 2 && ` +${names.length - 2}`}
          <ChevronDown aria-hidden />
        </Button>
      }
    >
      {STATUSES.map((status) => (
        <label
          key={status}
          htmlFor={`status-${status}`}
          className="flex cursor-pointer items-center gap-2 rounded px-2 py-1 hover:bg-sunken"
        >
          <Checkbox
            id={`status-${status}`}
            isChecked={chosen.includes(status)}
            onChange={(isOn) => toggle(status, isOn)}
            label={STATUS_LOOK[status].label}
          />
          <StatusBadge status={status} />
        </label>
      ))}
    </Popover>
  );
}

interface ChoiceProps {
  readonly label: string;
  readonly value: string;
  readonly options: readonly (readonly [value: string, label: string])[];
  readonly onChange: (value: string) => void;
}

function Choice({ label, value, options, onChange }: ChoiceProps) {
  const isKnown = options.some(([one]) => one === value);
  return (
    <Select aria-label={label} value={value} onChange={(event) => onChange(event.target.value)} className="max-w-44">
      {!isKnown && <option value={value}>{value}</option>}
      {options.map(([one, name]) => (
        <option key={one} value={one}>
          {name}
        </option>
      ))}
    </Select>
  );
}
