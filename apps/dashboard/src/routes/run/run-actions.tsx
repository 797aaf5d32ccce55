import { canTransition, type RunView } from "@beckon/core/runtime";
import { useMutation } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { Ban, FlaskConical, Repeat, RotateCcw } from "lucide-react";
import { type MouseEvent, useEffect, useRef, useState } from "react";
import { api, queryClient } from "../../api/trpc.ts";
import { useMayChange } from "../../api/use-session.ts";
import { useShortcuts } from "../../app/shortcuts.ts";
import { Button, buttonClass } from "../../ui/button.tsx";
import { notify } from "../../ui/notices.tsx";
import { messageOf } from "../../ui/problem.tsx";
import { ReplayDialog } from "./replay-dialog.tsx";

/** What can be done with the run, by the one table of transitions. */
export function RunActions({ run }: { readonly run: RunView }) {
  const [isReplaying, setReplaying] = useState(false);
  const act = useRunMutations(run.id);
  const mayChange = useMayChange();
  const mayCancel = mayChange && canTransition("cancel", run.status);
  const mayRetry = mayChange && canTransition("retry by hand", run.status);
  const isFree = !act.isBusy;
  const { replay, keepFocus } = useFocusAfter();
  useShortcuts([
    { keys: "r", label: "Replay the run", run: () => mayChange && setReplaying(true) },
    { keys: "t", label: "Retry the run, when it failed", run: () => mayRetry && isFree && act.retry() },
    { keys: "c", label: "Cancel the run, while it is unfinished", run: () => mayCancel && isFree && act.cancel() },
  ]);
  if (!mayChange) return null;
  return (
    <>
      <TestLink run={run} />
      {mayRetry && (
        <Button onClick={keepFocus(act.retry)} disabled={act.isBusy}>
          <RotateCcw aria-hidden />
          Retry
        </Button>
      )}
      <Button ref={replay} onClick={() => setReplaying(true)}>
        <Repeat aria-hidden />
        Replay
      </Button>
      {mayCancel && (
        <Button look="danger" onClick={keepFocus(act.cancel)} disabled={act.isBusy}>
          <Ban aria-hidden />
          Cancel
        </Button>
      )}
      {isReplaying && <ReplayDialog run={run} onClose={() => setReplaying(false)} />}
    </>
  );
}

/** A button that has done its work goes away, and whoever pressed it by keyboard goes on from the one that stays. */
function useFocusAfter() {
  const replay = useRef<HTMLButtonElement>(null);
  const pressed = useRef<HTMLElement | null>(null);
  // After each drawing: it goes away when the run is read anew, which may be after the answer.
  useEffect(() => {
    if (pressed.current === null || pressed.current.isConnected) return;
    pressed.current = null;
    if (document.activeElement === document.body) replay.current?.focus();
  });
  const keepFocus =
    (act: () => void) =>
    ({ currentTarget }: MouseEvent<HTMLElement>): void => {
      pressed.current = currentTarget;
      act();
    };
  return { replay, keepFocus };
}

function TestLink({ run }: { readonly run: RunView }) {
  return (
    <Link
      to="/jobs/$jobId/test"
      params={{ jobId: run.job.id }}
      search={{ from: run.id }}
      className={buttonClass("quiet")}
    >
      <FlaskConical aria-hidden />
      Test with this
    </Link>
  );
}

function useRunMutations(id: string) {
  const told = {
    onError: (error: unknown) => notify(messageOf(error), { isProblem: true }),
    onSettled: () => queryClient.invalidateQueries(),
  };
  const cancel = useMutation({ ...api.runs.cancel.mutationOptions(), ...told });
  const retry = useMutation({ ...api.runs.retry.mutationOptions(), ...told });
  return {
    cancel: () => cancel.mutate({ id }, { onSuccess: () => notify("The run is canceled.") }),
    retry: () => retry.mutate({ id }, { onSuccess: () => notify("The run is opened again: its next attempt starts.") }),
    isBusy: cancel.isPending || retry.isPending,
  };
}
