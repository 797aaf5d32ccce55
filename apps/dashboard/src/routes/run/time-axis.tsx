import { Maximize2, ZoomIn, ZoomOut } from "lucide-react";
import { Button } from "../../ui/button.tsx";
import { formatDuration } from "../../ui/format-duration.ts";
import { axisMarks, percentOf, type TimeWindow, zoom } from "./time-window.ts";

interface TimeAxisProps {
  readonly window: TimeWindow;
  readonly all: TimeWindow;
  readonly onWindow: (window: TimeWindow | null) => void;
}

/** How wide the outline is; the bars have the rest. */
export const OUTLINE = "w-[42%] max-w-72 shrink-0";

/** The column at the right of the bars. */
export const DURATION = "w-18 shrink-0";

/** The time above the bars, counted from the run's birth, and the buttons that zoom it. */
export function TimeAxis({ window, all, onWindow }: TimeAxisProps) {
  const middle = { all, anchor: 0.5 };
  return (
    <div className="flex h-9 shrink-0 items-center border-b bg-canvas text-2xs text-ink-soft">
      <div className={`${OUTLINE} flex items-center justify-between gap-1 pr-2 pl-4`}>
        <span className="text-xs font-medium">Steps</span>
        <span className="flex">
          <AxisButton label="Zoom in (+)" onClick={() => onWindow(zoom(window, 0.5, middle))} Icon={ZoomIn} />
          <AxisButton label="Zoom out (-)" onClick={() => onWindow(zoom(window, 2, middle))} Icon={ZoomOut} />
          <AxisButton label="Show all of it (0)" onClick={() => onWindow(null)} Icon={Maximize2} />
        </span>
      </div>
      <div aria-hidden className="relative h-full min-w-0 flex-1 overflow-hidden">
        {axisMarks(window, all.from, globalThis.innerWidth < 640 ? 3 : 7).map((at) => (
          <span
            key={at}
            style={{ left: `${percentOf(at, window)}%` }}
            className="absolute inset-y-0 flex items-center border-l pl-1 whitespace-nowrap tabular-nums"
          >
            {formatDuration(at - all.from)}
          </span>
        ))}
      </div>
      <span className={`${DURATION} pr-4 text-right`}>Took</span>
    </div>
  );
}

interface AxisButtonProps {
  readonly label: string;
  readonly onClick: () => void;
  readonly Icon: typeof ZoomIn;
}

function AxisButton({ label, onClick, Icon }: AxisButtonProps) {
  return (
    <Button look="quiet" size="icon" className="size-6" onClick={onClick} aria-label={label} title={label}>
      <Icon />
    </Button>
  );
}
