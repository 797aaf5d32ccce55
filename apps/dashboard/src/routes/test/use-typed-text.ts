import { useState } from "react";
import type { TextForm } from "./text-forms.ts";

interface TypedText {
  readonly text: string;
  /** Why the text cannot be read; the value is still the last one that could. */
  readonly problem: string | null;
  readonly type: (text: string) => void;
}

/** The text of a field as it is typed, also while it is no value yet. */
export function useTypedText(value: unknown, form: TextForm, onChange: (value: unknown) => void): TypedText {
  const shown = form.write(value);
  const [text, setText] = useState(shown);
  const [known, setKnown] = useState(shown);
  const reading = form.read(text);
  // The value changed from elsewhere, as in the JSON: the field follows, without touching how it is being written.
  if (shown !== known) {
    setKnown(shown);
    if (!reading.ok || form.write(reading.value) !== shown) setText(shown);
  }
  const type = (next: string): void => {
    setText(next);
    const read = form.read(next);
    if (read.ok) onChange(read.value);
  };
  return { text, problem: reading.ok ? null : reading.message, type };
}
