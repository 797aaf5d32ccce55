import type { Issue } from "@beckon/core/runtime";
import type {
  ArrayFieldItemTemplateProps,
  ArrayFieldTemplateProps,
  BaseInputTemplateProps,
  FieldTemplateProps,
  ObjectFieldTemplateProps,
  WidgetProps,
} from "@rjsf/utils";
import { getInputProps } from "@rjsf/utils";
import { Plus, Trash2 } from "lucide-react";
import { Button } from "../../ui/button.tsx";
import { Select } from "../../ui/select.tsx";
import { FieldProblem } from "./field-problem.tsx";
import { contextOf, type FormContext, hasIssue, useUnreadMark } from "./form-context.ts";
import { useBadInput } from "./use-bad-input.ts";

function issuesAt(path: readonly (string | number)[], { issues }: FormContext): readonly Issue[] {
  const own = path.join("\n");
  return issues.filter((issue) => issue.path.join("\n") === own);
}

/** A field with its name above it, and what is wrong with it below. */
function FieldTemplate(props: FieldTemplateProps) {
  const { id, label, required, children, schema, hidden, displayLabel, fieldPathId, registry } = props;
  if (hidden) return <div className="hidden">{children}</div>;
  const issues = issuesAt(fieldPathId.path, contextOf(registry));
  const isGroup = schema.type === "object" || schema.type === "array";
  const isOwnField = props.uiSchema?.["ui:field"] === "value";
  const isLabeled = (displayLabel === true || isOwnField) && !(isGroup && !isOwnField);
  return (
    <div className="flex flex-col gap-1">
      {isLabeled && fieldPathId.path.length > 0 && (
        <label htmlFor={id} className="flex flex-wrap items-baseline gap-x-1.5 font-medium break-all">
          {label}
          {required !== true && <span className="text-xs font-normal text-ink-faint">optional</span>}
        </label>
      )}
      {children}
      {isGroup && !isOwnField && <LeaveOut {...props} />}
      {schema.description !== undefined && !("x-beckon-type" in schema) && (
        <p className="text-xs text-ink-soft">{schema.description}</p>
      )}
      {issues.map(({ message }) => (
        <p key={message} role="alert" className="text-xs text-failure">
          {message}
        </p>
      ))}
    </div>
  );
}

/** Takes back a part that need not be there: an empty list is another payload than none. */
function LeaveOut({ label, required, formData, fieldPathId, onChange }: FieldTemplateProps) {
  const isMember = typeof fieldPathId.path.at(-1) === "string";
  if (!isMember || required === true || formData === undefined) return null;
  return (
    <Button size="sm" look="quiet" className="self-start" onClick={() => onChange(undefined, fieldPathId.path)}>
      <Trash2 aria-hidden />
      Leave out {label}
    </Button>
  );
}

function ObjectFieldTemplate({ title, properties, fieldPathId }: ObjectFieldTemplateProps) {
  const fields = properties.map(({ name, content }) => <div key={name}>{content}</div>);
  if (fieldPathId.path.length === 0) return <div className="flex flex-col gap-3">{fields}</div>;
  return (
    <fieldset className="flex flex-col gap-3 pl-3">
      <legend className="-ml-3 pb-1 font-medium break-all">{title.replace(/-(\d+)$/, " $1")}</legend>
      {fields}
    </fieldset>
  );
}

function ArrayFieldTemplate({ title, items, canAdd, onAddClick }: ArrayFieldTemplateProps) {
  return (
    <fieldset className="flex flex-col gap-2">
      <legend className="pb-1 font-medium">{title}</legend>
      {items}
      {canAdd && (
        <Button size="sm" className="self-start" onClick={onAddClick}>
          <Plus aria-hidden />
          Add to {title}
        </Button>
      )}
    </fieldset>
  );
}

function ArrayFieldItemTemplate({ children, buttonsProps, index }: ArrayFieldItemTemplateProps) {
  return (
    <div className="card flex items-start gap-2 p-2">
      <div className="min-w-0 flex-1">{children}</div>
      {buttonsProps.hasRemove && (
        <Button look="quiet" size="icon" aria-label={`Remove item ${index + 1}`} onClick={buttonsProps.onRemoveItem}>
          <Trash2 />
        </Button>
      )}
    </div>
  );
}

function BaseInputTemplate(props: BaseInputTemplateProps) {
  const { id, value, schema, type, options, onChange, onChangeOverride, registry } = props;
  const { autoComplete: _autoComplete, ...input } = getInputProps(schema, type, options);
  const context = contextOf(registry);
  const { ref, isBad, listeners } = useBadInput();
  useUnreadMark(context, id, isBad);
  const change =
    onChangeOverride ?? (({ target }) => onChange(target.value === "" ? options.emptyValue : target.value));
  return (
    <>
      <input
        ref={ref}
        id={id}
        {...input}
        value={value ?? ""}
        placeholder={defaultText(schema.default)}
        aria-invalid={hasIssue(context, id) || isBad}
        onChange={change}
        {...listeners}
        className="field"
      />
      <FieldProblem text={isBad ? "This cannot be read." : null} />
    </>
  );
}

function SelectWidget({ id, value, options, schema, registry, onChange }: WidgetProps) {
  const choices = options.enumOptions ?? [];
  const index = choices.findIndex((choice) => choice.value === value);
  const fallback = choices.find((choice) => choice.value === schema.default);
  return (
    <Select
      id={id}
      value={index}
      aria-invalid={hasIssue(contextOf(registry), id)}
      onChange={({ target }) => onChange(choices[Number(target.value)]?.value)}
      className="w-full"
    >
      <option value={-1}>{defaultText(fallback?.label ?? schema.default) || "Choose…"}</option>
      {choices.map((choice, position) => (
        <option key={JSON.stringify(choice.value)} value={position}>
          {choice.label}
        </option>
      ))}
    </Select>
  );
}

/** What the schema puts in where nothing is entered. */
function defaultText(value: unknown): string {
  return value === undefined ? "" : `${toText(value)} by default`;
}

function toText(value: unknown): string {
  return typeof value === "string" ? value : JSON.stringify(value);
}

/** The form in the looks of the page. */
export const fieldTemplates = {
  FieldTemplate,
  ObjectFieldTemplate,
  ArrayFieldTemplate,
  ArrayFieldItemTemplate,
  BaseInputTemplate,
};

export const fieldWidgets = { SelectWidget };
