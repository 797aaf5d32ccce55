import type { Issue, JsonSchema } from "@beckon/core/runtime";
import { useCallback, useMemo, useRef, useState } from "react";
import { type ParsedText, toValueText } from "../../values/value-text.ts";
import { parsePayload } from "./parse-payload.ts";
import { findIssues } from "./payload-issues.ts";

/** `unread`: something was written that the payload would be sent without. `unfit`: the schema objects. */
export type Fitness = "fit" | "unfit" | "unread";

/** A payload that is being written. The text is what it is kept as; form and editor both change it. */
export interface Draft {
  readonly text: string;
  readonly parsed: ParsedText;
  /** What is wrong with it, once somebody has tried to send it. */
  readonly issues: readonly Issue[];
  readonly setText: (text: string) => void;
  readonly setValue: (value: unknown) => void;
  /** A field of the form holds a text that cannot be read, which the payload is without; or no longer does. */
  readonly markUnread: (fieldId: string, isUnread: boolean) => void;
  /** Looks at it before it is sent. */
  readonly check: () => Fitness;
  /** What the server found. */
  readonly refuse: (issues: readonly Issue[]) => void;
}

export function useDraft(schema: JsonSchema | null, start: unknown): Draft {
  const [text, setText] = useState(() => toValueText(start));
  const { hasUnread, markUnread } = useUnreadFields();
  const [isChecked, setChecked] = useState(false);
  const [refused, setRefused] = useState<readonly Issue[]>([]);
  const parsed = useMemo(() => parsePayload(text), [text]);
  const found = useMemo(() => (parsed.ok && schema !== null ? findIssues(schema, parsed.value) : []), [parsed, schema]);
  const change = (next: string): void => {
    setText(next);
    setRefused([]);
  };
  return {
    text,
    parsed,
    issues: isChecked ? [...found, ...refused] : refused,
    setText: change,
    setValue: (value) => change(toValueText(value)),
    markUnread,
    check: () => {
      setChecked(true);
      if (!parsed.ok || hasUnread()) return "unread";
      return found.length === 0 ? "fit" : "unfit";
    },
    refuse: setRefused,
  };
}

/** No state: nothing is drawn of it, and it is asked for by a key that may come before the next drawing. */
function useUnreadFields() {
  const unread = useRef(new Set<string>());
  const markUnread = useCallback((fieldId: string, isUnread: boolean): void => {
    if (isUnread) unread.current.add(fieldId);
    else unread.current.delete(fieldId);
  }, []);
  return { hasUnread: () => unread.current.size > 0, markUnread };
}
