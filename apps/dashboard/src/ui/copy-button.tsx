import { Check, Copy } from "lucide-react";
import { useState } from "react";
import { Button } from "./button.tsx";
import { notify } from "./notices.tsx";

interface CopyButtonProps {
  /** Is asked for the text once it is wanted: of a large value it takes a while to write. */
  readonly getText: () => string;
  readonly label: string;
}

/** Puts a text on the clipboard, and says whether it did. */
export function CopyButton({ getText, label }: CopyButtonProps) {
  const [isCopied, setCopied] = useState(false);
  const copy = async () => {
    try {
      await navigator.clipboard.writeText(getText());
    } catch {
      // Beside a refusal: over plain HTTP, other than from this computer, pages have no clipboard.
      return notify("It could not be copied: the browser gives this page no clipboard.", { isProblem: true });
    }
    setCopied(true);
    return setTimeout(() => setCopied(false), 1_500);
  };
  return (
    <Button look="quiet" size="icon" className="size-6" onClick={() => void copy()} aria-label={label} title={label}>
      {isCopied ? <Check className="text-success" /> : <Copy />}
      <span className="sr-only" role="status">
        {isCopied ? "Copied" : ""}
      </span>
    </Button>
  );
}
