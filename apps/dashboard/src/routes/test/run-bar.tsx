import { Play } from "lucide-react";
import { useMayChange } from "../../api/use-session.ts";
import { keyCaps } from "../../app/shortcuts.ts";
import { Button } from "../../ui/button.tsx";

interface RunBarProps {
  readonly problem: string | null;
  readonly canSendAnyway: boolean;
  readonly isBusy: boolean;
  readonly onRun: (isForced: boolean) => void;
}

/** The button that runs the test, and why it did not. */
export function RunBar({ problem, canSendAnyway, isBusy, onRun }: RunBarProps) {
  const mayChange = useMayChange();
  return (
    <div className="flex shrink-0 flex-wrap items-center justify-end gap-2 border-t bg-surface px-4 py-2.5">
      <p role="alert" className="mr-auto min-w-0 break-words text-failure">
        {mayChange ? problem : "Your key may only read: sign in with the full key to run tests."}
      </p>
      {canSendAnyway && problem !== null && (
        <Button look="quiet" disabled={isBusy} onClick={() => onRun(true)}>
          Send it anyway
        </Button>
      )}
      <Button look="primary" disabled={isBusy || !mayChange} onClick={() => onRun(false)}>
        <Play aria-hidden />
        Run test
        <span aria-hidden className="text-xs">
          {keyCaps("mod+Enter").join(" ")}
        </span>
      </Button>
    </div>
  );
}
