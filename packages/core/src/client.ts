import { type ConcurrencyLimit, defineLimit } from "./concurrency-limit.ts";
import type { DeclaredErrorsByCode } from "./declared-errors.ts";
import { defineJob, type JobOptions, type Settled } from "./define-job.ts";
import { DefinitionError } from "./errors.ts";
import type { Job } from "./job.ts";
import { refuseUnknownOptions } from "./known-options.ts";
import type { Transport } from "./transport.ts";

/**
 * Defines jobs that belong together, and connects them.
 *
 * @example
 * export const client = new BeckonClient({ id: "acme" });
 * export const hello = client.defineJob({
 *   id: "hello", name: "Hello", version: "1.0.0",
 *   trigger: invokeTrigger({ schema: z.object({ name: z.string() }) }),
 *   run: async (payload) => `Hello, ${payload.name}`,
 * });
 */
export class BeckonClient {
  readonly id: string;
  readonly #transports = new Set<Transport>();

  /** @throws DefinitionError @throws InvalidOptionError */
  constructor(options: { readonly id: string }) {
    const { id } = Object(options) as Partial<typeof options>;
    if (typeof id !== "string")
      throw new DefinitionError('A BeckonClient has an id: new BeckonClient({ id: "acme" }).');
    refuseUnknownOptions(options, { id });
    this.id = id;
  }

  /** Checks the options and gives the job; nothing runs. @throws DefinitionError @throws InvalidOptionError */
  defineJob<Input, Payload, Returned, Errors = {}>(
    options: JobOptions<Input, Payload, Returned, Errors>,
  ): Job<Input, Payload, Settled<Returned>, DeclaredErrorsByCode<Errors>[keyof Errors & string]> {
    return defineJob(options, { clientId: this.id, transports: this.#transports });
  }

  /** A limit for several jobs together: hand it to each as `concurrencyLimit`. @throws DefinitionError @throws InvalidOptionError */
  defineConcurrencyLimit(options: ConcurrencyLimit): ConcurrencyLimit {
    return defineLimit(options);
  }

  /** Sends the invocations of all jobs of this client over `transport`; the returned function takes that back. */
  connect(transport: Transport): () => void {
    this.#transports.add(transport);
    return () => void this.#transports.delete(transport);
  }
}
