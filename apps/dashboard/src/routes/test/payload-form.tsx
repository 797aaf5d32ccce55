import type { JsonSchema } from "@beckon/router";
import Form from "@rjsf/core/lib/components/Form.js";
import { useMemo } from "react";
import type { FormContext } from "./form-context.ts";
import { fromFormData, toFormData } from "./form-data.ts";
import { fieldTemplates, fieldWidgets } from "./form-theme.tsx";
import { formValidator } from "./form-validator.ts";
import { toUiSchema } from "./ui-schema.ts";
import { ValueField } from "./value-field.tsx";

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
  const formSchema = useMemo(() => withoutDialect(schema), [schema]);
  const uiSchema = useMemo(() => toUiSchema(schema), [schema]);
  return (
    <Form
      tagName="div"
      idPrefix="payload"
      schema={formSchema}
      uiSchema={{ ...uiSchema, "ui:submitButtonOptions": { norender: true } }}
      formData={toFormData(value)}
      formContext={{ issues, markUnread } satisfies FormContext}
      validator={formValidator}
      templates={fieldTemplates}
      widgets={fieldWidgets}
      fields={FIELDS}
      noValidate
      experimental_defaultFormStateBehavior={NO_DEFAULTS}
      onChange={({ formData }) => onChange(fromFormData(formData))}
    >
      <></>
    </Form>
  );
}

/** The dialect's name would make the library look for a validator of that dialect. */
function withoutDialect(schema: JsonSchema): object {
  const { $schema: _dialect, ...rest } = schema;
  return rest;
}
