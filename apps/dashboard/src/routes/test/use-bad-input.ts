import { type RefObject, useEffect, useRef, useState } from "react";

interface BadInput {
  readonly ref: RefObject<HTMLInputElement | null>;
  /** The browser shows what is typed and gives none of it, as half a date or the beginning of a number. */
  readonly isBad: boolean;
  /** The field's: no event of its own tells that an empty value became half a one. */
  readonly listeners: { readonly onInput: () => void; readonly onKeyUp: () => void; readonly onBlur: () => void };
}

/** Watches a field of which the browser reads the text itself. */
export function useBadInput(): BadInput {
  const ref = useRef<HTMLInputElement>(null);
  const [isBad, setBad] = useState(false);
  const look = (): void => setBad(ref.current?.validity.badInput ?? false);
  // Whenever it is drawn anew: a value that was set from elsewhere has replaced what was typed.
  useEffect(look);
  return { ref, isBad, listeners: { onInput: look, onKeyUp: look, onBlur: look } };
}
