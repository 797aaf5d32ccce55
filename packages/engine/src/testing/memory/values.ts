import type { Claim } from "../../store/records.ts";
import { findClaimed, type MemoryState } from "./memory-state.ts";

export function readValue(state: MemoryState, scope: string, key: string): string | null {
  return state.values.get(scope)?.get(key) ?? null;
}

export function writeValue(
  state: MemoryState,
  request: { readonly scope: string; readonly key: string; readonly text: string | null; readonly claim: Claim | null },
): "written" | "absent" | "lost" {
  if (request.claim !== null && findClaimed(state, request.claim) === undefined) return "lost";
  const values = state.values.get(request.scope) ?? new Map<string, string>();
  state.values.set(request.scope, values);
  if (request.text === null) return values.delete(request.key) ? "written" : "absent";
  values.set(request.key, request.text);
  return "written";
}
