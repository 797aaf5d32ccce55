import type { RunView } from "@beckon/core/runtime";
import { ValueView } from "../../values/value-view.tsx";

/** An error with all it tells: message, stack, the errors that caused it, and its data. */
export function RunErrorView({ error }: { readonly error: NonNullable<RunView["error"]> }) {
  const { code, message } = error;
  return (
    <div className="flex flex-col gap-2">
      <div className="card border-failure/40 p-2.5">
        <p className="font-mono text-xs font-medium text-failure">{"name" in error ? error.name : code}</p>
        <p className="mt-1 break-words whitespace-pre-wrap">{message}</p>
      </div>
      {"stack" in error && error.stack !== undefined && <Stack text={error.stack} label="Stack" />}
      {"issues" in error && <ValueView value={error.issues} label="issues" />}
      {"data" in error && error.data !== undefined && <ValueView value={error.data} label="error data" />}
      {"cause" in error && error.cause !== undefined && <Cause cause={error.cause} depth={1} />}
    </div>
  );
}

export function Stack({ text, label }: { readonly text: string; readonly label: string }) {
  return (
    <pre
      role="region"
      aria-label={label}
      // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- what scrolls must be reachable by keyboard
      tabIndex={0}
      className="card max-h-72 overflow-auto bg-sunken p-2.5 font-mono text-2xs leading-4.5 text-ink-soft"
    >
      {text}
    </pre>
  );
}

const DEEPEST_CAUSE = 8;

/** What caused it, and what caused that. */
function Cause({ cause, depth }: { readonly cause: unknown; readonly depth: number }) {
  const label = depth === 1 ? "Caused by" : "which was caused by";
  const { message, stack, cause: next } = toErrorFields(cause);
  return (
    <div className="flex flex-col gap-1 border-l-2 border-failure/40 pl-2.5">
      <p className="text-xs text-ink-soft">{label}</p>
      {message === null ? <ValueView value={cause} label="cause" /> : <p className="break-words">{message}</p>}
      {stack !== null && <Stack text={stack} label="Stack of the cause" />}
      {next !== undefined && depth < DEEPEST_CAUSE && <Cause cause={next} depth={depth + 1} />}
    </div>
  );
}

function toErrorFields(cause: unknown): { message: string | null; stack: string | null; cause: unknown } {
  if (typeof cause !== "object" || cause === null) return { message: null, stack: null, cause: undefined };
  const { message, name, stack, cause: next }: Record<string, unknown> = { ...cause, ...errorFields(cause) };
  return {
    message: typeof message === "string" ? `${typeof name === "string" ? `${name}: ` : ""}${message}` : null,
    stack: typeof stack === "string" ? stack : null,
    cause: next,
  };
}

/** An Error's own fields are not enumerable. */
function errorFields(value: object): Record<string, unknown> {
  return value instanceof Error
    ? { message: value.message, name: value.name, stack: value.stack, cause: value.cause }
    : {};
}
