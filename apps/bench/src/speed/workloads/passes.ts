/** A fast system is done in a quarter of a second, which one slow moment of the machine would decide: it goes several times. */
export const MOST_PASSES = 5;
/** After so long none is begun. */
export const PASSES_MS = 2_000;
