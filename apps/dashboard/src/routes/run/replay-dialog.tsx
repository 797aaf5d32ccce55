import type { RunView } from "@beckon/core/runtime";
import { useState } from "react";
import { beckon } from "../../api/jobs-client.ts";
import { LazyJsonEditor } from "../../editor/lazy-json-editor.tsx";
import { Button } from "../../ui/button.tsx";
import { Dialog } from "../../ui/dialog.tsx";
import { messageOf } from "../../ui/problem.tsx";
import { parseValueText, toValueText } from "../../values/value-text.ts";
import { useMadeRun } from "./use-made-run.ts";

interface ReplayDialogProps {
  readonly run: RunView;
  readonly onClose: () => void;
}

/** Runs it again as a new run, with the payload as it was or as it is edited here. */
export function ReplayDialog({ run, onClose }: ReplayDialogProps) {
  const [text, setText] = useState(() => toValueText(run.payload));
  const parsed = parseValueText(text);
  const isEdited = text !== toValueText(run.payload);
  const { replay, problem, isBusy } = useReplay(run, onClose);
  return (
    <Dialog
      isOpen
      isWide
      isHeld={isEdited}
      onClose={onClose}
      title="Replay as a new run"
      description="The new run keeps the context, the account and the tags. The run it replays is left as it is."
    >
      <div ref={focusEditor} className="min-h-0 overflow-y-auto">
        <LazyJsonEditor
          text={text}
          label="Payload of the new run"
          onChange={setText}
          problems={parsed.ok ? [] : [{ message: parsed.message, offset: parsed.at }]}
        />
      </div>
      <p role="alert" className="break-words text-failure empty:hidden">
        {parsed.ok ? problem : parsed.message}
      </p>
      <div className="flex justify-end gap-2">
        <Button onClick={onClose}>Close</Button>
        <Button
          look="primary"
          disabled={isBusy || !parsed.ok}
          onClick={() => void replay(isEdited && parsed.ok ? { payload: parsed.value } : {})}
        >
          {isEdited ? "Replay with this payload" : "Replay unchanged"}
        </Button>
      </div>
    </Dialog>
  );
}

/** Replays the run, and opens the new one. */
function useReplay(run: RunView, onDone: () => void) {
  const [problem, setProblem] = useState<string | null>(null);
  const [isBusy, setBusy] = useState(false);
  const made = useMadeRun(`The replay of ${run.id}`);
  const replay = async (changed: { readonly payload?: unknown }) => {
    setBusy(true);
    try {
      const { id } = await beckon.runs.replay({ id: run.id, ...changed });
      // While the dialog is still there.
      const opened = made.open(id);
      onDone();
      await opened;
    } catch (error) {
      made.tellFailure(error);
      setProblem(messageOf(error));
      setBusy(false);
    }
  };
  return { replay, problem, isBusy };
}

/** The editor is fetched first: the focus goes there once it is, and not to the button that closes the dialog. */
function focusEditor(around: HTMLElement | null): () => void {
  const observer = new MutationObserver(() => {
    const editor = around?.querySelector<HTMLElement>('[role="textbox"], textarea');
    if (!editor) return;
    observer.disconnect();
    editor.focus();
  });
  if (around !== null) observer.observe(around, { childList: true, subtree: true });
  return () => observer.disconnect();
}
