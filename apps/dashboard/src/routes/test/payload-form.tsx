import type { JsonSchema } from "@beckon/core/runtime";
import Form from "@rjsf/core/lib/components/Form.js";
import { useMemo } from "react";
import type { FormContext } from "./form-context.ts";
import { fromFormData, toFormData } from "./form-data.ts";
import { toForm } from "./form-part.ts";
import { fieldTemplates, fieldWidgets } from "./form-theme.tsx";
import { formValidator } from "./form-validator.ts";
import { ValueField } from "./value-field.tsx";
import { withoutEmptied } from "./without-emptied.ts";

export interface PayloadFormProps extends FormContext {
  readonly schema: JsonSchema;
  readonly value: unknown;
  readonly onChange: (value: unknown) => void;
}

const FIELDS = { value: ValueField };

/** What is not there is not filled in: the payload is what was entered, and defaults are the schema's to add. */
const NO_DEFAULTS = {
  emptyObjectFields: "skipDefaults",
  arrayMinItems: { populate: "never" },
  constAsDefaults: "never",
} as const;

/** A form derived from the job's schema. */
export function PayloadForm({ schema, value, issues, markUnread, onChange }: PayloadFormProps) {
  const form = useMemo(() => toForm(schema), [schema]);
  return (
    <Form
      tagName="div"
      idPrefix="payload"
      schema={form.schema}
      uiSchema={{ ...form.ui, "ui:submitButtonOptions": { norender: true } }}
      formData={toFormData(value)}
      formContext={{ issues, markUnread } satisfies FormContext}
      validator={formValidator}
      templates={fieldTemplates}
      widgets={fieldWidgets}
      fields={FIELDS}
      noValidate
      experimental_defaultFormStateBehavior={NO_DEFAULTS}
      onChange={({ formData }) => onChange(withoutEmptied(schema, value, fromFormData(formData)))}
    >
      <></>
    </Form>
  );
}
