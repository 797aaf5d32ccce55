import { tracked, TRPCError } from "@trpc/server";
import { toOtherCopyError } from "./other-copy.ts";
import type { BuildingTRPC } from "./trpc.ts";

/** tRPC's own: puts an id to an event of a subscription. By its shape: the symbol in it has a type of its own in each copy. */
export type Tracked = <Data>(id: string, data: Data) => readonly [id: string, data: Data, symbol: symbol];

/**
 * An adapter of tRPC's knows an event with an id by a symbol that each copy of @trpc/server has for itself. There may be two in a
 * process: two versions, or what `import` and what `require` gives of one.
 */
export interface EventEnvelopes {
  readonly tracked: Tracked;
  /** @throws DefinitionError where the host's tRPC is known to be of another copy, and would send the envelope in place of the event. */
  readonly check: () => Promise<void>;
}

/** With the `tracked` of whoever serves; without, with ours, which a host of the same copy knows. */
export function createEnvelopes(host: BuildingTRPC | undefined, given: Tracked | undefined): EventEnvelopes {
  if (host === undefined || given !== undefined) return { tracked: given ?? tracked, check: () => Promise.resolve() };
  let known: Promise<boolean> | undefined;
  const check = async (): Promise<void> => {
    if (!(await (known ??= isOurCopy(host)))) throw toOtherCopyError();
  };
  return { tracked, check };
}

/** Each copy wraps what a resolver throws in an error of its own class. */
async function isOurCopy(t: BuildingTRPC): Promise<boolean> {
  const { probe } = t.createCallerFactory(t.router({ probe: t.procedure.query(fail) }))({});
  return probe().catch((error: unknown) => error instanceof TRPCError);
}

function fail(): never {
  throw new Error("A probe of the host's tRPC.");
}
