import { formatIssues, InvalidOptionError, parseWith } from "@beckon/core/runtime";
import type { TRPCProcedureBuilder, TRPCUnsetMarker } from "@trpc/server";
import type { z } from "zod";
import { toTRPCError } from "./trpc-errors.ts";
import type { BeckonContext, BeckonRoot, BuildingTRPC } from "./trpc.ts";

/** What procedures are begun with. Their errors are mapped already. */
export interface ProcedureBuilders {
  /** Of a procedure without input. */
  readonly procedure: BuildingTRPC["procedure"];
  /**
   * Of a procedure that takes what fits the schema. The caller states the type: of a value whose shape was checked,
   * what is inside (a payload, the text of a duration) is checked by whom it is meant for.
   */
  readonly taking: <Value>(schema: z.ZodType) => TakingBuilder<Value>;
}

export type TakingBuilder<Value> = TRPCProcedureBuilder<
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

/**
 * One step checks the input and maps errors, those of the check too. They are no two steps, as tRPC's own `input`
 * would have it: tRPC copies the call several times at each, and that was a third of what a small call cost.
 */
export function createProcedureBuilders(t: BuildingTRPC): ProcedureBuilders {
  const procedure = t.procedure.use(async ({ next }) => mapErrors(await next()));
  return {
    procedure,
    taking: <Value>(schema: z.ZodType) => {
      const checking = t.procedure.use(async ({ next, getRawInput }) => {
        const input = await readInput(getRawInput, schema);
        return mapErrors(await next({ input }));
      });
      // tRPC learns the type of an input from its own `input` only.
      return checking as unknown as TakingBuilder<Value>;
    },
  };
}

function mapErrors<Result extends { readonly ok: true } | { readonly ok: false; readonly error: Error }>(
  result: Result,
): Result {
  if (result.ok) return result;
  throw toTRPCError(result.error);
}

/** Refusals read like every other refusal here. */
async function readInput(getRawInput: () => Promise<unknown>, schema: z.ZodType): Promise<unknown> {
  try {
    const parsed = await parseWith(schema, await getRawInput());
    if (parsed.ok) return parsed.value;
    const [first] = parsed.issues;
    throw new InvalidOptionError(first?.path.join(".") || "input", formatIssues(parsed.issues, "input"));
  } catch (error) {
    throw toTRPCError(error);
  }
}
