import type { JsonSchema } from "@beckon/router";
import { lazy, Suspense } from "react";
import { LazyJsonEditor } from "../../editor/lazy-json-editor.tsx";
import type { PathProblem } from "../../editor/path-ranges.ts";
import { PartBoundary } from "../../ui/part-boundary.tsx";
import { messageOf } from "../../ui/problem.tsx";
import { Tabs } from "../../ui/tabs.tsx";
import { InsertValue } from "./insert-value.tsx";
import type { Draft } from "./use-draft.ts";

const PayloadForm = lazy(async () => ({ default: (await import("./payload-form.tsx")).PayloadForm }));

interface PayloadPanelProps {
  readonly schema: JsonSchema | null;
  readonly draft: Draft;
}

/** The payload twice, as fields and as JSON; what is changed in one changes in the other. */
export function PayloadPanel({ schema, draft }: PayloadPanelProps) {
  const json = { id: "json", label: "JSON", content: <JsonTab draft={draft} /> };
  const hasFields = schema !== null && "properties" in schema;
  const form = hasFields ? [{ id: "form", label: "Form", content: <FormTab schema={schema} draft={draft} /> }] : [];
  return (
    <section aria-label="Payload" className="flex min-h-96 min-w-0 flex-1 flex-col bg-surface">
      <Tabs label="Payload as" tabs={[...form, json]} />
    </section>
  );
}

interface FormTabProps {
  readonly schema: JsonSchema;
  readonly draft: Draft;
}

function FormTab({ schema, draft }: FormTabProps) {
  if (!draft.parsed.ok) {
    return (
      <p className="p-4 text-failure">The JSON cannot be read, so the form cannot show it. {draft.parsed.message}</p>
    );
  }
  const { issues, markUnread, setValue } = draft;
  return (
    <div className="max-w-2xl p-4">
      <PartBoundary instead={(error) => <NoForm error={error} />}>
        <Suspense fallback={<p className="text-ink-faint">Loading the form…</p>}>
          <PayloadForm
            schema={schema}
            value={draft.parsed.value}
            issues={issues}
            markUnread={markUnread}
            onChange={setValue}
          />
        </Suspense>
      </PartBoundary>
    </div>
  );
}

function NoForm({ error }: { readonly error: unknown }) {
  return (
    <p role="alert" className="break-words text-failure">
      The form could not be shown; the JSON is the same payload. {messageOf(error)}
    </p>
  );
}

function JsonTab({ draft }: { readonly draft: Draft }) {
  const { parsed, issues, text, setText } = draft;
  const problems: readonly PathProblem[] = parsed.ok
    ? issues.map(({ path, message }) => ({ message, path: parsed.isRich ? ["json", ...path] : path }))
    : [{ message: parsed.message, offset: parsed.at }];
  return (
    <div className="flex flex-col gap-2 p-4">
      <LazyJsonEditor text={text} label="Payload as JSON" onChange={setText} problems={problems} />
      {problems.length > 0 && (
        <ul role="alert" className="flex flex-col gap-0.5 text-xs text-failure">
          {problems.map((problem) => (
            <li key={JSON.stringify(problem)}>
              {"path" in problem && problem.path.length > 0 && (
                <code className="font-mono font-medium">{problem.path.join(".")}: </code>
              )}
              {problem.message}
            </li>
          ))}
        </ul>
      )}
      <InsertValue draft={draft} />
    </div>
  );
}
