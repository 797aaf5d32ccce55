import { useEffect, useRef } from "react";

export interface Shortcut {
  /** One key, or two after each other such as `g r`. `mod+` is ⌘ on a Mac and Ctrl elsewhere. */
  readonly keys: string;
  readonly label: string;
  readonly run: () => void;
  /** Holding the key goes on and on: for what walks or zooms. Everything else is done once per press. */
  readonly mayRepeat?: true;
}

const CHORD_MS = 1_000;
const IS_MAC = /Mac|iPhone|iPad/.test(navigator.platform);

type Shown = { readonly current: readonly Shortcut[] };

/** Those of what is shown. */
const shown = new Set<Shown>();
let previous = { key: "", at: 0 };

export function listShortcuts(): readonly Shortcut[] {
  return [...shown].flatMap(({ current }) => current);
}

/** Lets keys act while the component is there. Keys without a modifier are left to fields that are typed into. */
export function useShortcuts(shortcuts: readonly Shortcut[]): void {
  const latest = useRef(shortcuts);
  useEffect(() => {
    latest.current = shortcuts;
  });
  useEffect(() => {
    shown.add(latest);
    // One listener for all: two keys after each other come before what the second means alone.
    if (shown.size === 1) document.addEventListener("keydown", onKeyDown);
    return () => {
      shown.delete(latest);
      if (shown.size === 0) document.removeEventListener("keydown", onKeyDown);
    };
  }, []);
}

function onKeyDown(event: KeyboardEvent): void {
  const pressed = nameOf(event);
  if (event.defaultPrevented || pressed === null || (isTyping(event) && !pressed.startsWith("mod+"))) return;
  if (isDialogOpen()) return;
  const chord = event.timeStamp - previous.at < CHORD_MS ? `${previous.key} ${pressed}` : pressed;
  previous = { key: pressed, at: event.timeStamp };
  const all = listShortcuts();
  const found = all.find(({ keys }) => keys === chord) ?? all.find(({ keys }) => keys === pressed);
  if (found === undefined) return;
  event.preventDefault();
  if (!event.repeat || found.mayRepeat) found.run();
}

/** How a key reads on this machine. */
export function keyCaps(keys: string): readonly string[] {
  const modifier = IS_MAC ? "⌘" : "Ctrl";
  return keys.split(/ |(?<=.)\+(?=.)/).map((key) => (key === "mod" ? modifier : (CAPS[key] ?? key)));
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

/** The keys that are listed belong to the page, and what they would do could not be seen below a dialog. */
function isDialogOpen(): boolean {
  return document.querySelector('[role="dialog"][data-state="open"]') !== null;
}
