import type { RunSummary } from "@beckon/core/runtime";
import { useState } from "react";
import { queryClient } from "../../api/trpc.ts";
import { useMayChange } from "../../api/use-session.ts";
import { Button } from "../../ui/button.tsx";
import { Dialog } from "../../ui/dialog.tsx";
import { notify } from "../../ui/notices.tsx";
import { BULK_ACTIONS, type BulkAction, mayDo, tellOutcome } from "./bulk-actions.ts";
import { doToAll } from "./do-to-all.ts";

interface SelectedRuns {
  readonly runs: readonly RunSummary[];
  /** What was asked for is done with these, or leaves them alone: they are to be selected no longer. */
  readonly onDone: (ids: readonly string[]) => void;
}

interface BulkBarProps extends SelectedRuns {
  readonly onClear: () => void;
}

const ACTIONS: readonly BulkAction[] = ["retry", "replay", "cancel"];

/** What can be done with the runs that are selected. */
export function BulkBar({ runs, onDone, onClear }: BulkBarProps) {
  const [asked, setAsked] = useState<BulkAction | null>(null);
  const mayChange = useMayChange();
  return (
    <div
      role="toolbar"
      aria-label="Selected runs"
      className="flex shrink-0 flex-wrap items-center gap-2 border-t bg-surface px-4 py-2"
    >
      <span className="mr-auto font-medium" aria-live="polite">
        {runs.length} selected
      </span>
      {mayChange &&
        ACTIONS.map((action) => {
          const count = runs.filter((run) => mayDo(action, run.status)).length;
          return (
            <Button key={action} size="sm" disabled={count === 0} onClick={() => setAsked(action)}>
              {BULK_ACTIONS[action].verb} {count}
            </Button>
          );
        })}
      <Button size="sm" look="quiet" onClick={onClear}>
        Clear selection
      </Button>
      {asked !== null && <Confirmation action={asked} runs={runs} onClose={() => setAsked(null)} onDone={onDone} />}
    </div>
  );
}

/** More are counted only. */
const MOST_NAMED = 5;

function Names({ runs }: Pick<SelectedRuns, "runs">) {
  return (
    <ul className="flex flex-col gap-0.5 text-xs">
      {runs.map(({ id, job }) => (
        <li key={id} className="break-all">
          {job.id} <code className="font-mono text-ink-soft">{id}</code>
        </li>
      ))}
    </ul>
  );
}

interface ConfirmationProps extends SelectedRuns {
  readonly action: BulkAction;
  readonly onClose: () => void;
}

function Confirmation({ action, runs, onClose, onDone }: ConfirmationProps) {
  const [isBusy, setBusy] = useState(false);
  const able = runs.filter((run) => mayDo(action, run.status));
  const { verb, consequence } = BULK_ACTIONS[action];
  const name = `${verb} ${able.length} ${able.length === 1 ? "run" : "runs"}`;
  const rest = runs.length - able.length;
  const leftOut = rest === 0 ? "" : ` ${rest} of the selected cannot be, and ${rest === 1 ? "is" : "are"} left alone.`;
  const confirm = async () => {
    setBusy(true);
    const outcome = await doToAll(action, able);
    const refused = new Set(outcome.refused.map(({ id }) => id));
    notify(tellOutcome(action, outcome), refused.size > 0 ? { isProblem: true, isKept: true } : {});
    onDone(runs.map(({ id }) => id).filter((id) => !refused.has(id)));
    onClose();
    await queryClient.invalidateQueries({ queryKey: ["runs"] });
  };
  return (
    <Dialog isOpen onClose={onClose} title={`${name}?`} description={consequence + leftOut}>
      {able.length <= MOST_NAMED && <Names runs={able} />}
      <div className="flex justify-end gap-2">
        <Button onClick={onClose}>Leave them</Button>
        <Button look={action === "cancel" ? "danger" : "primary"} disabled={isBusy} onClick={() => void confirm()}>
          {name}
        </Button>
      </div>
    </Dialog>
  );
}
