import { describeValue, InvalidOptionError } from "@beckon/core/runtime";

const REASON = "it has half of a surrogate pair, as an emoji that was cut has: use text.toWellFormed()";

/** Plain JavaScript, and a payload of any, may give what no store keeps as a text. @throws InvalidOptionError naming the option */
export function checkText(option: string, text: unknown): asserts text is string {
  if (typeof text !== "string") throw new InvalidOptionError(option, `it is ${describeValue(text)}: give a text`);
}

/**
 * What is to be found by a text. A store that keeps texts as UTF-8 cannot say half of a surrogate pair: it comes back as the
 * replacement character, and is not found by what it was. @throws InvalidOptionError naming the option
 */
export function checkName(option: string, text: unknown): void {
  checkText(option, text);
  if (!text.isWellFormed()) throw new InvalidOptionError(option, REASON);
}

/** What a signal is found by. @throws InvalidOptionError */
export function checkSignal({ name, id }: { readonly name: unknown; readonly id: unknown }): void {
  checkName("name", name);
  if (id !== null) checkName("id", id);
}
