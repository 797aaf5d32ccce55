import type { JsonSchema } from "@beckon/core/runtime";
import { lazy, Suspense, useState } from "react";
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
  const [tab, setTab] = useState("form");
  const hasFields = schema !== null && "properties" in schema;
  const shown = hasFields ? tab : "json";
  const json = { id: "json", label: "JSON", content: <JsonTab draft={draft} /> };
  const form = hasFields && {
    id: "form",
    label: "Form",
    content: <FormTab schema={schema} draft={draft} isShown={shown === "form"} />,
    isKept: true,
  };
  return (
    <section aria-label="Payload" className="flex min-h-96 min-w-0 flex-1 flex-col bg-surface">
      <Tabs label="Payload as" tabs={form ? [form, json] : [json]} value={shown} onChange={setTab} />
    </section>
  );
}

interface FormTabProps {
  readonly schema: JsonSchema;
  readonly draft: Draft;
  readonly isShown: boolean;
}

/**
 * The form stays there also while it is not seen: a field may hold what cannot be read, which only the field knows. It
 * has the value of when it was last seen, since half-written JSON passes through values that no form was made for, and
 * the form library reports a value that it has completed as if somebody had entered it.
 */
function FormTab({ schema, draft, isShown }: FormTabProps) {
  const { parsed, issues, markUnread, setValue } = draft;
  const [known, setKnown] = useState(parsed);
  if (isShown && parsed.ok && parsed !== known) setKnown(parsed);
  return (
    <div className="max-w-2xl p-4">
      {!parsed.ok && (
        <p className="text-failure">The JSON cannot be read, so the form cannot show it. {parsed.message}</p>
      )}
      {known.ok && (
        <div className={parsed.ok ? undefined : "hidden"}>
          <PartBoundary renderInstead={(error) => <NoForm error={error} />}>
            <Suspense fallback={<p className="text-ink-faint">Loading the form…</p>}>
              <PayloadForm
                schema={schema}
                value={known.value}
                issues={issues}
                markUnread={markUnread}
                onChange={setValue}
              />
            </Suspense>
          </PartBoundary>
        </div>
      )}
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
