import { annotate, type Annotated, ENVELOPE_DEPTH, InvalidOptionError, restoreForeign } from "@beckon/core/runtime";
import { refuseEnvelope } from "./other-copy.ts";

/** superjson's shape on the wire, through the one codec: plain values pass without a walk, and none is lost unseen. */
export const wireTransformer = {
  serialize: (value: unknown): Annotated => {
    refuseEnvelope(value);
    return annotate(value, "output", ENVELOPE_DEPTH);
  },
  deserialize: (value: unknown): unknown => restoreInput(toAnnotated(value)),
};

/** What is sent by hand often lacks the shape. */
function toAnnotated(value: unknown): Annotated {
  if (typeof value === "object" && value !== null && "json" in value) return value;
  throw new InvalidOptionError(
    "input",
    'it is no superjson: send { "json": <the input> }, as a tRPC client with the superjson transformer does',
  );
}

function restoreInput(annotated: Annotated): unknown {
  try {
    return restoreForeign(annotated);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new InvalidOptionError("input", `it is no superjson: ${reason}`);
  }
}
