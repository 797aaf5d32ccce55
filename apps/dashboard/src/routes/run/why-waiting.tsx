import { isTerminal, type RunReason, type RunView } from "@beckon/core/runtime";
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { HelpCircle } from "lucide-react";
import { api } from "../../api/trpc.ts";
import { RelativeTime } from "../../ui/relative-time.tsx";

const REFRESH_MS = 2_000;

/** Why the run is not finished: in a sentence, with links to what it waits for. Nothing once it is. */
export function WhyWaiting({ run }: { readonly run: RunView }) {
  const isOpen = !isTerminal(run.status);
  const { data } = useQuery({
    ...api.runs.explain.queryOptions({ id: run.id }),
    enabled: isOpen,
    refetchInterval: REFRESH_MS,
  });
  if (!isOpen || data === undefined || data.status === "EXECUTING") return null;
  return (
    <section
      aria-label="Why is it waiting?"
      className="flex shrink-0 items-start gap-2 border-b bg-accent-soft/60 px-4 py-2"
    >
      <HelpCircle aria-hidden className="mt-0.5 size-4 shrink-0 text-accent" />
      <p className="min-w-0">
        <span className="font-medium">Why is it waiting?</span> {data.summary}
        {data.reasons.map((reason) => (
          <ReasonLinks key={JSON.stringify(reason)} reason={reason} />
        ))}
      </p>
    </section>
  );
}

function ReasonLinks({ reason }: { readonly reason: RunReason }) {
  const runIds = runIdsOf(reason);
  const until = "until" in reason ? reason.until : null;
  return (
    <>
      {runIds.map((runId) => (
        <Link
          key={runId}
          to="/runs/$runId"
          params={{ runId }}
          className="ml-2 font-mono text-xs text-accent hover:underline"
        >
          {runId}
        </Link>
      ))}
      {until !== null && (
        <span className="ml-2 text-ink-soft">
          (<RelativeTime at={until} />)
        </span>
      )}
    </>
  );
}

function runIdsOf(reason: RunReason): readonly string[] {
  if (reason.kind === "limited") return reason.heldBy;
  return reason.kind === "waiting-for-run" ? [reason.runId] : [];
}
