import type { InputOfSchema, OutputOfSchema, Schema } from "./schema.ts";

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

export interface InvokeTriggerOptions<S extends Schema> {
  readonly schema: S;
  readonly examples?: readonly Example<InputOfSchema<S>>[] | undefined;
}

/** Options of a trigger that takes any payload. */
export interface UntypedTriggerOptions {
  readonly schema?: undefined;
  readonly examples?: readonly Example<unknown>[] | undefined;
}

/**
 * Lets a job be started by `job.invoke(payload)`. Without a schema the payload is `any` and every
 * serialisable value is accepted.
 *
 * @example
 * invokeTrigger({ schema: z.object({ userId: z.string() }), examples: [{ id: "a", name: "A user", payload: { userId: "1" } }] })
 */
export function invokeTrigger<S extends Schema>(
  options: InvokeTriggerOptions<S>,
): Trigger<InputOfSchema<S>, OutputOfSchema<S>>;
// oxlint-disable-next-line typescript/no-explicit-any -- the contract gives a job without a schema a payload of any.
export function invokeTrigger(options?: UntypedTriggerOptions): Trigger<any, any>;
export function invokeTrigger(options?: {
  schema?: Schema | undefined;
  examples?: readonly Example<unknown>[] | undefined;
}): Trigger<unknown, unknown> {
  return { type: "invoke", schema: options?.schema, examples: options?.examples ?? [] };
}
