import type { JsonSchema } from "@beckon/core/runtime";
import { describeType } from "./describe-type.ts";

/** A JSON Schema as people read it: each field with its type, and what it must be. */
export function SchemaView({ schema }: { readonly schema: JsonSchema | null }) {
  if (schema === null) return <p className="text-ink-faint">The schema's library cannot say it as JSON Schema.</p>;
  const fields = fieldsOf(schema);
  if (fields.length === 0) {
    return <p className="card px-2.5 py-1.5 font-mono text-xs text-ink-soft">{describeType(schema)}</p>;
  }
  return (
    <ul className="card px-2.5 py-1">
      {fields.map(([name, part]) => (
        <Field key={name} name={name} schema={part} isRequired={isRequired(schema, name)} depth={0} />
      ))}
    </ul>
  );
}

interface FieldProps {
  readonly name: string;
  readonly schema: JsonSchema;
  readonly isRequired: boolean;
  readonly depth: number;
}

const DEEPEST = 6;

function Field({ name, schema, isRequired: isOwnRequired, depth }: FieldProps) {
  const inner = schema["type"] === "array" ? ((schema["items"] ?? {}) as JsonSchema) : schema;
  return (
    <li className="py-1">
      <div className="flex flex-wrap items-baseline gap-x-2">
        <code className="font-mono text-xs font-medium">{name}</code>
        <code className="min-w-0 font-mono text-xs break-words text-executing">{describeType(schema)}</code>
        {!isOwnRequired && <span className="text-2xs text-ink-faint">optional</span>}
      </div>
      {typeof schema["description"] === "string" && <p className="text-xs text-ink-soft">{schema["description"]}</p>}
      {depth < DEEPEST && fieldsOf(inner).length > 0 && (
        <ul className="mt-0.5 border-l-2 pl-3">
          {fieldsOf(inner).map(([own, part]) => (
            <Field key={own} name={own} schema={part} isRequired={isRequired(inner, own)} depth={depth + 1} />
          ))}
        </ul>
      )}
    </li>
  );
}

function fieldsOf(schema: JsonSchema): readonly (readonly [string, JsonSchema])[] {
  return Object.entries((schema["properties"] ?? {}) as Readonly<Record<string, JsonSchema>>);
}

function isRequired(schema: JsonSchema, name: string): boolean {
  return ((schema["required"] ?? []) as readonly string[]).includes(name);
}
