import type { Issue } from "@beckon/core/runtime";
import type { JsonSchema } from "@beckon/router";
import { useMemo, useState } from "react";
import { type ParsedText, toValueText } from "../../values/value-text.ts";
import { parsePayload } from "./parse-payload.ts";
import { findIssues } from "./payload-issues.ts";

/** A payload that is being written. The text is what it is kept as; form and editor both change it. */
export interface Draft {
  readonly text: string;
  readonly parsed: ParsedText;
  /** What is wrong with it, once somebody has tried to send it. */
  readonly issues: readonly Issue[];
  readonly setText: (text: string) => void;
  readonly setValue: (value: unknown) => void;
  /** Looks at it before it is sent; whether it may be. */
  readonly check: () => boolean;
  /** What the server found. */
  readonly refuse: (issues: readonly Issue[]) => void;
}

export function useDraft(schema: JsonSchema | null, start: unknown): Draft {
  const [text, setText] = useState(() => toValueText(start));
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
    check: () => {
      setChecked(true);
      return parsed.ok && found.length === 0;
    },
    refuse: setRefused,
  };
}
