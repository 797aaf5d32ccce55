import { InvalidOptionError } from "@beckon/core/runtime";

const REASON = "it has half of a surrogate pair, as an emoji that was cut has: use text.toWellFormed()";

/**
 * A store that keeps texts as UTF-8 cannot say half of a surrogate pair: it comes back as the replacement character, and is
 * not found by what it was. @throws InvalidOptionError naming the option
 */
export function checkWellFormed(option: string, text: unknown): void {
  if (typeof text === "string" && !text.isWellFormed()) throw new InvalidOptionError(option, REASON);
}

/** What a signal is found by. @throws InvalidOptionError */
export function checkSignal({ name, id }: { readonly name: string; readonly id: string | null }): void {
  checkWellFormed("name", name);
  checkWellFormed("id", id);
}
