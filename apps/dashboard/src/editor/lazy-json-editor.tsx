import { lazy, Suspense } from "react";
import type { JsonEditorProps } from "./json-editor.tsx";

const JsonEditor = lazy(async () => ({ default: (await import("./json-editor.tsx")).JsonEditor }));

/** The editor, fetched when it is first shown; until then its text. */
export function LazyJsonEditor(props: JsonEditorProps) {
  return (
    <Suspense
      fallback={<pre className="card min-h-40 overflow-auto bg-sunken p-2.5 font-mono text-xs">{props.text}</pre>}
    >
      <JsonEditor {...props} />
    </Suspense>
  );
}
