import { lazy, Suspense } from "react";
import { PartBoundary } from "../ui/part-boundary.tsx";
import type { JsonEditorProps } from "./json-editor.tsx";

const JsonEditor = lazy(async () => ({ default: (await import("./json-editor.tsx")).JsonEditor }));

/** The editor, fetched when it is first shown; until then its text, and a plain field where it cannot be had. */
export function LazyJsonEditor(props: JsonEditorProps) {
  return (
    <PartBoundary renderInstead={() => <PlainEditor {...props} />}>
      <Suspense
        fallback={<pre className="card min-h-40 overflow-auto bg-sunken p-2.5 font-mono text-xs">{props.text}</pre>}
      >
        <JsonEditor {...props} />
      </Suspense>
    </PartBoundary>
  );
}

/** What is wrong with the text is told beside the editor, too. */
function PlainEditor({ text, label, onChange }: JsonEditorProps) {
  return (
    <textarea
      aria-label={label}
      value={text}
      onChange={({ target }) => onChange(target.value)}
      rows={16}
      spellCheck={false}
      className="field font-mono text-xs"
    />
  );
}
