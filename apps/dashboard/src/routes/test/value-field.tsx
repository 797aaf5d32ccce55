import type { FieldProps } from "@rjsf/utils";
import { FieldProblem } from "./field-problem.tsx";
import { contextOf, type FormContext, hasIssue, useUnreadMark } from "./form-context.ts";
import { fromFormData, toFormData } from "./form-data.ts";
import { bigintText, dateText, jsonText } from "./text-forms.ts";
import { useBadInput } from "./use-bad-input.ts";
import { useTypedText } from "./use-typed-text.ts";

/** A field for what has none of its own: a Date by its picker, a bigint by its digits, all else as JSON. */
export function ValueField({ fieldPathId, formData, onChange, schema, uiSchema, name, registry }: FieldProps) {
  const input: ValueInputProps = {
    id: fieldPathId.$id,
    value: fromFormData(formData),
    context: contextOf(registry),
    onChange: (next) => onChange(toFormData(next), fieldPathId.path),
  };
  const kind: unknown = Reflect.get(schema, "x-beckon-type");
  if (kind === "date") return <DateField {...input} />;
  if (kind === "bigint") return <BigintField {...input} />;
  return <JsonField key={name} {...input} hint={uiSchema?.["ui:placeholder"]} />;
}

/** The browser lets as many digits be typed for the year as this one has. */
const LAST_SECOND = "9999-12-31T23:59:59";

interface ValueInputProps {
  readonly id: string;
  readonly value: unknown;
  readonly context: FormContext;
  readonly onChange: (value: unknown) => void;
}

function DateField({ id, value, context, onChange }: ValueInputProps) {
  const { text, problem: unread, type } = useTypedText(value, dateText, onChange);
  const { ref, isBad, listeners } = useBadInput();
  const problem = isBad ? "The date is not complete." : unread;
  useUnreadMark(context, id, problem !== null);
  return (
    <>
      <input
        ref={ref}
        id={id}
        type="datetime-local"
        step={1}
        max={LAST_SECOND}
        value={text}
        aria-invalid={problem !== null || hasIssue(context, id)}
        onChange={({ target }) => type(target.value)}
        {...listeners}
        className="field"
      />
      <FieldProblem text={problem} />
    </>
  );
}

function BigintField({ id, value, context, onChange }: ValueInputProps) {
  const { text, problem, type } = useTypedText(value, bigintText, onChange);
  useUnreadMark(context, id, problem !== null);
  return (
    <>
      <input
        id={id}
        inputMode="numeric"
        value={text}
        placeholder="A whole number of any size"
        aria-invalid={problem !== null || hasIssue(context, id)}
        onChange={({ target }) => type(target.value)}
        className="field font-mono"
      />
      <FieldProblem text={problem} />
    </>
  );
}

function JsonField({ id, value, hint, context, onChange }: ValueInputProps & { readonly hint: string | undefined }) {
  const { text, problem, type } = useTypedText(value, jsonText, onChange);
  useUnreadMark(context, id, problem !== null);
  return (
    <>
      <textarea
        id={id}
        rows={Math.min(Math.max(text.split("\n").length, 2), 12)}
        value={text}
        placeholder={hint}
        aria-invalid={problem !== null || hasIssue(context, id)}
        onChange={({ target }) => type(target.value)}
        className="field font-mono text-xs"
      />
      <FieldProblem text={problem} />
    </>
  );
}
