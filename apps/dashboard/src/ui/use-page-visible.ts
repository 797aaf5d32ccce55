import { useSyncExternalStore } from "react";

/** Whether somebody may be looking: not while another tab covers this one, or the window is minimized. */
export function usePageVisible(): boolean {
  return useSyncExternalStore(
    (listener) => {
      document.addEventListener("visibilitychange", listener);
      return () => document.removeEventListener("visibilitychange", listener);
    },
    () => document.visibilityState !== "hidden",
  );
}
