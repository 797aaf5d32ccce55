import { refuseUnknownOptions } from "./known-options.ts";
import type { AnySchema, InputOfSchema, OutputOfSchema, Schema } from "./schema.ts";

/** A payload for people to try a job with: shown in the dashboard and the OpenAPI document, checked at start-up. */
export interface Example<Input> {
  readonly id: string;
  readonly name: string;
  readonly payload: Input;
  /** A name of an icon, such as `"github"`. */
  readonly icon?: string | undefined;
}

/** How a job may start: by invocation, with a payload of this shape. */
export interface Trigger<Input, Payload> {
  readonly type: "invoke";
  readonly schema: Schema<Input, Payload> | undefined;
  readonly examples: readonly Example<Input>[];
}

export interface InvokeTriggerOptions<S extends AnySchema> {
  /** What payloads look like. Left out: every value that can be stored, of type any. */
  readonly schema?: S | undefined;
  /** Payloads to try the job with, of the schema's input. */
  readonly examples?: readonly Example<NoInfer<InputOfSchema<S>>>[] | undefined;
}

/** Every option there is: one that is missing here does not compile. */
const KNOWN_OPTIONS: Readonly<Record<keyof InvokeTriggerOptions<AnySchema>, true>> = { schema: true, examples: true };

/**
 * Lets a job be started by `job.invoke(payload)`. Without a schema the payload is `any` and every
 * serialisable value is accepted. @throws InvalidOptionError for an option that there is not
 *
 * @example
 * invokeTrigger({ schema: z.object({ userId: z.string() }), examples: [{ id: "a", name: "A user", payload: { userId: "1" } }] })
 */
export function invokeTrigger<S extends AnySchema = AnySchema>(
  options: InvokeTriggerOptions<S> = {},
): Trigger<InputOfSchema<S>, OutputOfSchema<S>> {
  refuseUnknownOptions(options, KNOWN_OPTIONS, "trigger.");
  return { type: "invoke", schema: options.schema, examples: options.examples ?? [] };
}
