import type { CatalogDetail } from "@beckon/core/runtime";
import { Link } from "@tanstack/react-router";
import type { ReactNode } from "react";
import { formatDuration } from "../../ui/format-duration.ts";
import { RelativeTime } from "../../ui/relative-time.tsx";
import { ValueView } from "../../values/value-view.tsx";
import { Section } from "../run/section.tsx";
import { ExampleIcon } from "../test/example-icon.tsx";
import { SchemaView } from "./schema-view.tsx";

/** What the job's definition says. */
export function JobDefinition({ job }: { readonly job: CatalogDetail }) {
  return (
    <section
      aria-label="Definition"
      className="flex flex-col gap-5 border-t bg-canvas p-4 lg:w-[42%] lg:max-w-140 lg:overflow-y-auto lg:border-t-0 lg:border-l"
    >
      <Section title="Payload">
        <SchemaView schema={job.inputSchema} />
      </Section>
      {Object.entries(job.errorSchemas).map(([code, schema]) => (
        <Section key={code} title={`Error ${code}`}>
          <SchemaView schema={schema} />
        </Section>
      ))}
      <Section title="How it is run">
        <Rules job={job} />
      </Section>
      <Examples job={job} />
      <Versions job={job} />
    </section>
  );
}

function Examples({ job }: { readonly job: CatalogDetail }) {
  if (job.examples.length === 0) return null;
  return (
    <Section title="Examples">
      {job.examples.map((example) => (
        <details key={example.id} className="card">
          <summary className="flex cursor-pointer items-center gap-2 px-2.5 py-1.5">
            <ExampleIcon name={example.icon} />
            {example.name}
          </summary>
          <div className="p-2 pt-0">
            <ValueView value={example.payload} label={example.name} />
          </div>
        </details>
      ))}
    </Section>
  );
}

function Versions({ job }: { readonly job: CatalogDetail }) {
  return (
    <Section title="Versions">
      <ul className="card divide-y">
        {job.versions.toReversed().map(({ version, firstSeenAt }) => (
          <li key={version} className="flex justify-between px-2.5 py-1.5">
            <Link to="/runs" search={{ job: job.id, version }} className="tabular-nums hover:text-accent">
              {version}
            </Link>
            <span className="text-ink-soft">
              since <RelativeTime at={firstSeenAt} />
            </span>
          </li>
        ))}
      </ul>
    </Section>
  );
}

function Rules({ job }: { readonly job: CatalogDetail }) {
  const { retry, concurrencyLimit, maxDurationMs, ttlMs, hooks } = job;
  return (
    <dl className="card grid grid-cols-[auto_1fr] gap-x-4 gap-y-1.5 px-2.5 py-2 text-xs">
      <Rule name="Called as">
        <code className="font-mono">{job.exportNames.join(", ")}</code>
      </Rule>
      <Rule name="Attempts">{retry === null ? "1: an error that escapes run fails it" : describeRetry(retry)}</Rule>
      <Rule name="At once">
        {concurrencyLimit === null
          ? "As many as the server has room for"
          : `${concurrencyLimit.limit}, by the limit ${concurrencyLimit.id}`}
      </Rule>
      <Rule name="Executes">
        {maxDurationMs === null ? "As long as it takes" : `At most ${formatDuration(maxDurationMs)}`}
      </Rule>
      <Rule name="Starts">{ttlMs === null ? "However late" : `Within ${formatDuration(ttlMs)}, or never`}</Rule>
      <Rule name="Hooks">{hooks.length === 0 ? "None" : hooks.join(", ")}</Rule>
    </dl>
  );
}

interface Retry {
  readonly limit: number;
  readonly factor: number;
  readonly minTimeoutInMs: number;
  readonly maxTimeoutInMs: number;
}

function describeRetry({ limit, factor, minTimeoutInMs, maxTimeoutInMs }: Retry): string {
  return `${limit}, first after ${formatDuration(minTimeoutInMs)}, each pause ×${factor} up to ${formatDuration(maxTimeoutInMs)}`;
}

function Rule({ name, children }: { readonly name: string; readonly children: ReactNode }) {
  return (
    <>
      <dt className="text-ink-faint">{name}</dt>
      <dd className="min-w-0 break-words">{children}</dd>
    </>
  );
}
