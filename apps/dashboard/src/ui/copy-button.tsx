import { Check, Copy } from "lucide-react";
import { useState } from "react";
import { Button } from "./button.tsx";

/** Puts a text on the clipboard, and says that it did. */
export function CopyButton({ text, label }: { readonly text: string; readonly label: string }) {
  const [isCopied, setCopied] = useState(false);
  const copy = async () => {
    await navigator.clipboard.writeText(text);
    setCopied(true);
    setTimeout(() => setCopied(false), 1_500);
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
