import { Search } from "lucide-react";
import { useEffect, useState } from "react";

interface SearchFieldProps {
  readonly id: string;
  /** What is searched for, as the URL has it. */
  readonly value: string;
  readonly onChange: (value: string) => void;
  readonly placeholder: string;
  readonly label: string;
}

const TYPING_MS = 250;

/**
 * Searches once the typing pauses. What is typed is kept here: a field that shows what the URL says would be a moment
 * behind, and the caret would jump.
 */
export function SearchField({ id, value, onChange, placeholder, label }: SearchFieldProps) {
  const [text, setText] = useState(value);
  const [known, setKnown] = useState(value);
  /** What the URL was asked to say and does not yet. */
  const [asked, setAsked] = useState<readonly string[]>([]);
  if (value !== known) {
    setKnown(value);
    const answered = asked.indexOf(value);
    setAsked(asked.slice(answered + 1));
    // From elsewhere, as by going back: the field follows. What was asked for here is older than what is typed.
    if (answered === -1) setText(value);
  }
  useEffect(() => {
    const wanted = text.trim();
    if (wanted === value) return undefined;
    const timer = setTimeout(() => {
      setAsked((before) => [...before, wanted]);
      onChange(wanted);
    }, TYPING_MS);
    return () => clearTimeout(timer);
  }, [text, value, onChange]);
  return (
    <div className="relative w-full sm:w-72">
      <Search aria-hidden className="absolute top-1/2 left-2 size-3.5 -translate-y-1/2 text-ink-faint" />
      <input
        id={id}
        type="search"
        value={text}
        onChange={(event) => setText(event.target.value)}
        placeholder={placeholder}
        aria-label={label}
        className="field pl-7"
      />
    </div>
  );
}
