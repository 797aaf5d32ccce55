import { annotate, type Annotated, ENVELOPE_DEPTH, InvalidOptionError, restore } from "@beckon/core/runtime";

/** superjson's shape on the wire, through the one codec: plain values pass without a walk, and none is lost unseen. */
export const wireTransformer = {
  serialize: (value: unknown): Annotated => annotate(value, "output", ENVELOPE_DEPTH),
  deserialize: (value: unknown): unknown => restore(toAnnotated(value)),
};

/** What is sent by hand often lacks the shape. */
function toAnnotated(value: unknown): Annotated {
  if (typeof value === "object" && value !== null && "json" in value) return value;
  throw new InvalidOptionError(
    "input",
    'it is no superjson: send { "json": <the input> }, as a tRPC client with the superjson transformer does',
  );
}
