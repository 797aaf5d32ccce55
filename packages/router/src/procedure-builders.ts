import { formatIssues, InvalidOptionError, type Issue, parseWith } from "@beckon/core/runtime";
import type { TRPCProcedureBuilder, TRPCUnsetMarker } from "@trpc/server";
import type { z } from "zod";
import { toTRPCError } from "./trpc-errors.ts";
import type { BeckonContext, BeckonRoot, BuildingTRPC } from "./trpc.ts";

/** What procedures are begun with. What they throw leaves as an error of tRPC's. */
export interface ProcedureBuilders {
  /** Of a query without input. */
  readonly asking: Ending<void>["query"];
  /**
   * Of a procedure that takes what fits the schema. The caller states the type: of a value whose shape was checked,
   * what is inside (a payload, the text of a duration) is checked by whom it is meant for.
   */
  readonly taking: <Value>(schema: z.ZodType) => Ending<Value>;
}

type Ending<Value> = Pick<Builder<Value>, "query" | "mutation" | "subscription">;

type Builder<Value> = TRPCProcedureBuilder<
  BeckonContext,
  object,
  object,
  Value,
  Value,
  TRPCUnsetMarker,
  TRPCUnsetMarker,
  false,
  BeckonRoot["errorShape"]
>;

/** What tRPC hands to a resolver: its types leave out the input as it came, which `input` and `use` are made from. */
interface BareCall {
  readonly getRawInput: () => Promise<unknown>;
}

type Resolve = (call: object) => unknown;

/**
 * Check, work and the mapping of errors are one step. With tRPC's own `input` and `use` they would be three, and
 * tRPC copies the call several times at each, which is much of what a small call costs.
 */
export function createProcedureBuilders(t: BuildingTRPC): ProcedureBuilders {
  const { procedure } = t;
  const taking = (schema: z.ZodType | undefined) => {
    const inOneStep =
      (resolve: Resolve) =>
      async (call: object): Promise<unknown> => {
        try {
          return await resolve({ ...call, input: await readInput(call as BareCall, schema) });
        } catch (error) {
          throw toTRPCError(error);
        }
      };
    return {
      query: (resolve: Resolve) => procedure.query(inOneStep(resolve)),
      mutation: (resolve: Resolve) => procedure.mutation(inOneStep(resolve)),
      subscription: (resolve: Resolve) =>
        procedure.subscription(inOneStep(resolve) as (call: object) => Promise<AsyncIterable<unknown>>),
    };
  };
  // tRPC learns the type of an input from its own `input` only.
  const ending = <Value>(schema?: z.ZodType): Ending<Value> => taking(schema) as unknown as Ending<Value>;
  return { taking: ending, asking: ending<void>().query };
}

async function readInput({ getRawInput }: BareCall, schema: z.ZodType | undefined): Promise<unknown> {
  if (schema === undefined) return undefined;
  const parsed = await parseWith(schema, await getRawInput());
  if (parsed.ok) return parsed.value;
  throw toRefusal(parsed.issues);
}

/** Reads like every other refusal here: the option is named once, and only what else is wrong comes with its place. */
function toRefusal([first, ...others]: readonly Issue[]): InvalidOptionError {
  const whats = [first?.message ?? "it is refused", ...others.map((issue) => formatIssues([issue], placeOf(issue)))];
  const { option, index } = readPlace(first?.path ?? []);
  return new InvalidOptionError(option, whats.join("; ").replaceAll("Invalid input: ", ""), { index });
}

/** Named as the birth of a run names what it refuses: an option by its name alone, an item of a batch by its index. */
function readPlace(path: Issue["path"]): { readonly option: string; readonly index: number | undefined } {
  const [first, second] = path;
  if (first === "items" && typeof second === "number") return { ...readPlace(path.slice(2)), index: second };
  const option = first === "options" && second !== undefined ? String(second) : path.join(".");
  return { option: option || WHOLE, index: undefined };
}

/** What a call sends, as a whole. */
const WHOLE = "input";

/** Before a path there is nothing to be said. */
function placeOf({ path }: Issue): string {
  return path.length === 0 ? WHOLE : "";
}
