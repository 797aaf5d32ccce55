import type { FieldProps } from "@rjsf/utils";
import { useState } from "react";
import { toValueText } from "../../values/value-text.ts";
import { fromFormData, toFormData } from "./form-data.ts";
import { parsePayload } from "./parse-payload.ts";

/** A field for what has none of its own: a Date by its picker, a bigint by its digits, all else as JSON. */
export function ValueField({ fieldPathId, formData, onChange, schema, name }: FieldProps) {
  const id = fieldPathId.$id;
  const value = fromFormData(formData);
  const change = (next: unknown): void => onChange(toFormData(next), fieldPathId.path);
  const kind: unknown = Reflect.get(schema, "x-beckon-type");
  if (kind === "date") return <DateField id={id} value={value} onChange={change} />;
  if (kind === "bigint") return <BigintField id={id} value={value} onChange={change} />;
  const hint = kind === "map" || kind === "set" ? EXAMPLES[kind] : "JSON";
  return <JsonField key={name} id={id} value={value} hint={hint} onChange={change} />;
}

const EXAMPLES = {
  map: '{ "json": [["key", 1]], "meta": { "values": ["map"] } }',
  set: '{ "json": ["one", "two"], "meta": { "values": ["set"] } }',
} as const;

interface ValueInputProps {
  readonly id: string;
  readonly value: unknown;
  readonly onChange: (value: unknown) => void;
}

function DateField({ id, value, onChange }: ValueInputProps) {
  const local = value instanceof Date ? toLocalText(value) : "";
  return (
    <input
      id={id}
      type="datetime-local"
      step={1}
      value={local}
      onChange={({ target }) => onChange(target.value === "" ? undefined : new Date(target.value))}
      className="field"
    />
  );
}

function toLocalText(at: Date): string {
  return new Date(at.getTime() - at.getTimezoneOffset() * 60_000).toISOString().slice(0, 19);
}

function BigintField({ id, value, onChange }: ValueInputProps) {
  return (
    <input
      id={id}
      inputMode="numeric"
      value={typeof value === "bigint" ? String(value) : ""}
      placeholder="A whole number of any size"
      onChange={({ target }) => {
        if (target.value === "") onChange(undefined);
        else if (/^-?\d+$/.test(target.value)) onChange(BigInt(target.value));
      }}
      className="field font-mono"
    />
  );
}

function JsonField({ id, value, hint, onChange }: ValueInputProps & { readonly hint: string }) {
  const shown = toValueText(value);
  const [text, setText] = useState(shown);
  const parsed = parsePayload(text);
  const [known, setKnown] = useState(shown);
  // The value changed from elsewhere, as in the JSON: the field follows, without touching how it is being written.
  if (shown !== known) {
    setKnown(shown);
    if (!parsed.ok || toValueText(parsed.value) !== shown) setText(shown);
  }
  return (
    <>
      <textarea
        id={id}
        rows={Math.min(Math.max(text.split("\n").length, 2), 12)}
        value={text}
        placeholder={hint}
        aria-invalid={!parsed.ok}
        onChange={({ target }) => {
          setText(target.value);
          const next = parsePayload(target.value);
          if (next.ok) onChange(next.value);
        }}
        className="field font-mono text-xs"
      />
      {!parsed.ok && <p className="text-xs text-failure">{parsed.message}</p>}
    </>
  );
}
