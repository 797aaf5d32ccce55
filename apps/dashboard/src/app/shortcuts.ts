import { useEffect, useRef } from "react";

export interface Shortcut {
  /** One key, or two after each other such as `g r`. `mod+` is ⌘ on a Mac and Ctrl elsewhere. */
  readonly keys: string;
  readonly label: string;
  readonly run: () => void;
}

const CHORD_MS = 1_000;
const IS_MAC = /Mac|iPhone|iPad/.test(navigator.platform);

/** Those of the page that is shown, for the sheet. */
const active = new Set<readonly Shortcut[]>();

export function listShortcuts(): readonly Shortcut[] {
  return [...active].flat();
}

/** Lets keys act while the component is there. Keys without a modifier are left to fields that are typed into. */
export function useShortcuts(shortcuts: readonly Shortcut[]): void {
  const latest = useRef(shortcuts);
  latest.current = shortcuts;
  useEffect(() => {
    const shown: readonly Shortcut[] = shortcuts;
    active.add(shown);
    let previous = { key: "", at: 0 };
    const onKeyDown = (event: KeyboardEvent): void => {
      const pressed = nameOf(event);
      if (event.defaultPrevented || pressed === null || (isTyping(event) && !pressed.startsWith("mod+"))) return;
      const isChord = event.timeStamp - previous.at < CHORD_MS;
      const found = latest.current.find(
        ({ keys }) => keys === pressed || (isChord && keys === `${previous.key} ${pressed}`),
      );
      previous = { key: pressed, at: event.timeStamp };
      if (found === undefined) return;
      event.preventDefault();
      found.run();
    };
    document.addEventListener("keydown", onKeyDown);
    return () => {
      active.delete(shown);
      document.removeEventListener("keydown", onKeyDown);
    };
    // oxlint-disable-next-line react/exhaustive-deps -- which keys there are does not change while a page is shown; what they do is read from the ref
  }, []);
}

/** How a key reads on this machine. */
export function keyCaps(keys: string): readonly string[] {
  const modifier = IS_MAC ? "⌘" : "Ctrl";
  return keys.split(/[ +]/).map((key) => (key === "mod" ? modifier : (CAPS[key] ?? key)));
}

const CAPS: Readonly<Record<string, string>> = {
  Enter: "↵",
  ArrowUp: "↑",
  ArrowDown: "↓",
  ArrowLeft: "←",
  ArrowRight: "→",
};

function nameOf(event: KeyboardEvent): string | null {
  if (event.altKey) return null;
  return event.metaKey || event.ctrlKey ? `mod+${event.key}` : event.key;
}

function isTyping({ target }: KeyboardEvent): boolean {
  return (
    target instanceof HTMLElement && (target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName))
  );
}
