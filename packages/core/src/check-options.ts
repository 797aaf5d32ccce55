import { DefinitionError } from "./errors.ts";
import type { LogLevel } from "./run-event.ts";
import { RESERVED_CODES } from "./run-result.ts";
import { describeValue } from "./schema.ts";
import { parseVersion } from "./version.ts";

/** What the checks look at, as plain JavaScript may pass it. */
interface UncheckedOptions {
  readonly id: unknown;
  readonly name: unknown;
  readonly version: unknown;
  readonly trigger: unknown;
  readonly errors?: unknown;
  readonly run: unknown;
  readonly enabled?: unknown;
  readonly logLevel?: unknown;
  readonly onSuccess?: unknown;
  readonly onFailure?: unknown;
}

const LOG_LEVELS: readonly unknown[] = ["debug", "info", "warn", "error", undefined] satisfies (LogLevel | undefined)[];

/** Refuses what the compiler would refuse too, for those who have none. @throws DefinitionError naming the job */
export function checkJobOptions(options: UncheckedOptions): void {
  const { id, name, version, trigger, errors = {}, run } = options;
  // Ids are parts of URLs, and a browser resolves one of dots away.
  if (typeof id !== "string" || !/^(?!\.+$)[a-z0-9._-]{1,128}$/.test(id)) {
    throw new DefinitionError(
      `Invalid job id "${String(id)}": use 1 to 128 lower-case letters, digits, "-", "." and "_", not dots alone.`,
    );
  }
  const refuse = (problem: string): never => {
    throw new DefinitionError(`Job "${id}"${problem}`);
  };
  if (typeof version !== "string" || parseVersion(version) === null) {
    throw new DefinitionError(
      `Invalid job version "${String(version)}" of job "${id}": write three numbers, such as "1.0.0".`,
    );
  }
  if (typeof name !== "string" || name === "") refuse(" has no name: give one for people to read.");
  if (typeof run !== "function") refuse(" has no run: give the function that does the work.");
  if (!isTrigger(trigger)) refuse(" has no trigger: give it invokeTrigger({ schema }).");
  else if (trigger.schema !== undefined && !isSchema(trigger.schema)) {
    refuse(": its schema is no Standard Schema: use zod ≥ 3.24, valibot, arktype, or any other that has `~standard`.");
  }
  checkOptionalOnes(options, refuse);
  checkErrors(errors as object, refuse);
}

function checkOptionalOnes(options: UncheckedOptions, refuse: (problem: string) => never): void {
  const { enabled, logLevel } = options;
  if (enabled !== undefined && typeof enabled !== "boolean") {
    refuse(`: its option enabled is ${describeValue(enabled)}: give true or false.`);
  }
  if (!LOG_LEVELS.includes(logLevel)) {
    refuse(`: ${JSON.stringify(logLevel)} is no log level: use "debug", "info", "warn" or "error".`);
  }
  for (const name of ["onSuccess", "onFailure"] as const) {
    const hook = options[name];
    if (hook === undefined || typeof hook === "function") continue;
    refuse(`: its option ${name} is ${describeValue(hook)}: give the function that is told of a run's end.`);
  }
}

function checkErrors(errors: object, refuse: (problem: string) => never): void {
  for (const [code, schema] of Object.entries(errors)) {
    if ((RESERVED_CODES as readonly string[]).includes(code)) {
      refuse(` declares the error "${code}", which is Beckon's own: choose another code.`);
    }
    if (!isSchema(schema)) refuse(`: the error "${code}" has no schema: give one for its data.`);
  }
}

function isTrigger(value: unknown): value is { readonly schema?: unknown } {
  return typeof value === "object" && value !== null && Reflect.get(value, "type") === "invoke";
}

/** A schema may be a function, as those of arktype are. */
function isSchema(value: unknown): boolean {
  if (value === null || (typeof value !== "object" && typeof value !== "function")) return false;
  const standard: unknown = Reflect.get(value, "~standard");
  return typeof standard === "object" && standard !== null && typeof Reflect.get(standard, "validate") === "function";
}
