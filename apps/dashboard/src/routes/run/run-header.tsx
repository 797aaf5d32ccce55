import type { RunView } from "@beckon/core/runtime";
import { Link } from "@tanstack/react-router";
import type { ReactNode } from "react";
import { CopyButton } from "../../ui/copy-button.tsx";
import { formatDuration } from "../../ui/format-duration.ts";
import { PageHeader } from "../../ui/page-header.tsx";
import { RelativeTime } from "../../ui/relative-time.tsx";
import { RunDuration } from "../../ui/run-duration.tsx";
import { StatusBadge } from "../../ui/status-badge.tsx";
import { TestMark } from "../runs/run-columns.tsx";
import { RunActions } from "./run-actions.tsx";

/** What the run is, at a glance. */
export function RunHeader({ run }: { readonly run: RunView }) {
  return (
    <PageHeader
      above={
        <>
          <Link to="/runs" className="text-ink-soft hover:text-ink">
            Runs
          </Link>
          <span aria-hidden className="text-ink-faint">
            /
          </span>
        </>
      }
      title={
        <>
          <span className="truncate">{run.job.id}</span>
          {run.isTest && <TestMark />}
          <StatusBadge status={run.status} />
        </>
      }
      actions={<RunActions run={run} />}
    >
      <dl className="flex flex-wrap items-center gap-x-5 gap-y-1 text-xs">
        <Fact name="Run">
          <code className="font-mono break-all">{run.id}</code>
          <CopyButton getText={() => run.id} label="Copy the run's id" />
        </Fact>
        <Times run={run} />
        <Origins run={run} />
      </dl>
    </PageHeader>
  );
}

function Times({ run }: { readonly run: RunView }) {
  return (
    <>
      <Fact name="Version">
        <Link to="/runs" search={{ job: run.job.id, version: run.job.version }} className="hover:text-accent">
          {run.job.version}
        </Link>
      </Fact>
      <Fact name="Created">
        <RelativeTime at={run.createdAt} />
      </Fact>
      <Fact name="Duration">
        <RunDuration run={run} />
      </Fact>
      <Fact name="Executing">{formatDuration(run.executionDurationInMs)}</Fact>
      <Fact name="Attempt">
        <span>
          {run.attempt}
          {run.executionCount > run.attempt && (
            <span className="text-ink-faint">, entered {run.executionCount} times</span>
          )}
        </span>
      </Fact>
      {run.priority !== 0 && <Fact name="Priority">{run.priority}</Fact>}
      {run.startAt !== null && (
        <Fact name="Starts">
          <RelativeTime at={run.startAt} />
        </Fact>
      )}
    </>
  );
}

function Origins({ run }: { readonly run: RunView }) {
  return (
    <>
      {run.parentRunId !== null && <RunFact name="Made by" runId={run.parentRunId} />}
      {run.replayOf !== null && <RunFact name="Replay of" runId={run.replayOf} />}
      {run.idempotencyKey !== null && (
        <Fact name="Idempotency key">
          <code className="font-mono break-all">{run.idempotencyKey}</code>
        </Fact>
      )}
      {run.concurrencyKey !== null && (
        <Fact name="Concurrency key">
          <span className="break-all">{run.concurrencyKey}</span>
        </Fact>
      )}
      {run.accountId !== null && (
        <Fact name="Account">
          <Link to="/runs" search={{ account: run.accountId }} className="break-all hover:text-accent">
            {run.accountId}
          </Link>
        </Fact>
      )}
      {run.tags.length > 0 && (
        <Fact name="Tags">
          {run.tags.map((tag) => (
            <Link
              key={tag}
              to="/runs"
              search={{ tag }}
              className="rounded bg-sunken px-1.5 break-all text-ink-soft hover:text-accent"
            >
              {tag}
            </Link>
          ))}
        </Fact>
      )}
    </>
  );
}

function RunFact({ name, runId }: { readonly name: string; readonly runId: string }) {
  return (
    <Fact name={name}>
      <Link to="/runs/$runId" params={{ runId }} className="font-mono text-accent hover:underline">
        {runId}
      </Link>
    </Fact>
  );
}

function Fact({ name, children }: { readonly name: string; readonly children: ReactNode }) {
  return (
    <div className="flex min-w-0 items-center gap-1.5">
      <dt className="text-ink-faint">{name}</dt>
      <dd className="flex min-w-0 flex-wrap items-center gap-1 tabular-nums">{children}</dd>
    </div>
  );
}
