import { useSyncExternalStore } from "react";

/** Whether calls are let through. `closed`: the server wants a sign-in first. `left`: somebody signed out here. */
type Gate = "open" | "closed" | "left";

let gate: Gate = "open";
const listeners = new Set<() => void>();

function set(next: Gate): void {
  if (gate === next) return;
  gate = next;
  for (const tell of listeners) tell();
}

/** A call was refused for want of a session. */
export function refused(): void {
  // Calls that were on their way when somebody signed out tell nothing new.
  if (gate === "open") set("closed");
}

export function signedOut(): void {
  set("left");
}

export function signedIn(): void {
  set("open");
}

export function useSessionGate(): Gate {
  return useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    () => gate,
  );
}
