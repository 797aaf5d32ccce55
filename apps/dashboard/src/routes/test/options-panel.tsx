import type { TestOptions } from "./invoke-options-fields.ts";

interface OptionsPanelProps {
  readonly options: TestOptions;
  readonly onChange: (options: TestOptions) => void;
}

const FIELDS: readonly {
  readonly name: Exclude<keyof TestOptions, "context">;
  readonly label: string;
  readonly hint: string;
}[] = [
  { name: "delay", label: "Delay", hint: "30s, 5m, 2h" },
  { name: "idempotencyKey", label: "Idempotency key", hint: "signup-1" },
  { name: "tags", label: "Tags", hint: "user:1234, beta" },
  { name: "priority", label: "Priority", hint: "0, higher starts first" },
  { name: "concurrencyKey", label: "Concurrency key", hint: "user:1234" },
  { name: "accountId", label: "Account", hint: "acct_1" },
  { name: "ttl", label: "Start within (ttl)", hint: "10m" },
  { name: "maxDuration", label: "Execute at most", hint: "1m" },
];

/** How the run is to be made. */
export function OptionsPanel({ options, onChange }: OptionsPanelProps) {
  return (
    <section
      aria-label="Options"
      className="flex shrink-0 flex-col gap-3 border-t p-4 lg:w-68 lg:overflow-y-auto lg:border-t-0 lg:border-l"
    >
      <h2 className="text-xs text-ink-soft">Options</h2>
      {FIELDS.map(({ name, label, hint }) => (
        <label key={name} className="flex flex-col gap-1">
          <span className="font-medium">{label}</span>
          <input
            name={name}
            value={options[name]}
            placeholder={hint}
            onChange={({ target }) => onChange({ ...options, [name]: target.value })}
            className="field"
          />
        </label>
      ))}
      <label className="flex flex-col gap-1">
        <span className="font-medium">Context</span>
        <textarea
          name="context"
          rows={3}
          value={options.context}
          placeholder={'JSON, as { "source": "dashboard" }'}
          onChange={({ target }) => onChange({ ...options, context: target.value })}
          className="field font-mono text-xs"
        />
      </label>
    </section>
  );
}
