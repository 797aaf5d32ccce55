import { Dialog } from "../ui/dialog.tsx";
import { KeyCap } from "../ui/key-cap.tsx";
import { keyCaps, listShortcuts } from "./shortcuts.ts";

interface ShortcutSheetProps {
  readonly isOpen: boolean;
  readonly onClose: () => void;
}

/** What `?` shows: every key of the page, and the ones that work everywhere. */
export function ShortcutSheet({ isOpen, onClose }: ShortcutSheetProps) {
  return (
    <Dialog isOpen={isOpen} onClose={onClose} title="Keyboard shortcuts">
      <dl className="flex flex-col">
        {listShortcuts().map(({ keys, label }) => (
          <div key={keys} className="flex items-center justify-between gap-4 border-b py-1.5 last:border-b-0">
            <dt>{label}</dt>
            <dd className="flex gap-1">
              {keyCaps(keys).map((cap) => (
                <KeyCap key={cap}>{cap}</KeyCap>
              ))}
            </dd>
          </div>
        ))}
      </dl>
    </Dialog>
  );
}
