import type { Issue } from "@beckon/core/runtime";
import type { Registry } from "@rjsf/utils";
import { useLayoutEffect } from "react";

/** What fields know beside their schema and their value. */
export interface FormContext {
  readonly issues: readonly Issue[];
  /** Marks a field whose text cannot be read, or takes the mark away. Always the same function. */
  readonly markUnread: (fieldId: string, isUnread: boolean) => void;
}

export function contextOf({ formContext }: Pick<Registry, "formContext">): FormContext {
  return formContext as FormContext;
}

/** Whether the schema objects to what is in a field. */
export function hasIssue({ issues }: FormContext, fieldId: string): boolean {
  return issues.some(({ path }) => fieldId === ["payload", ...path].join("_"));
}

/** Keeps a payload from being sent without what somebody typed, while the field holds what cannot be read. */
export function useUnreadMark(context: FormContext, fieldId: string, isUnread: boolean): void {
  const { markUnread } = context;
  // As soon as the field shows it: a key that sends the payload may come before other effects.
  useLayoutEffect(() => {
    if (!isUnread) return undefined;
    markUnread(fieldId, true);
    return () => markUnread(fieldId, false);
  }, [markUnread, fieldId, isUnread]);
}
