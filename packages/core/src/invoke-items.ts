import { InvalidOptionError } from "./errors.ts";
import type { InvokeItem } from "./transport.ts";
import { kindOf } from "./value-kind.ts";

/**
 * The calls of a batch. The compiler lets through what a `map` puts beside `options`, and here it would be lost: a key, so that
 * work is done twice, or a delay. @throws InvalidOptionError naming it, and the index of its item
 */
export function toItems(items: readonly unknown[]): readonly InvokeItem[] {
  return Array.isArray(items) ? items.map(toItem) : refuse("items");
}

function toItem(item: unknown, index: number): InvokeItem {
  // A Date, say, is no empty item, but a payload that nothing was put around.
  if (typeof item !== "object" || item === null || !("payload" in item || kindOf(item) === "record")) {
    return refuse("items", index);
  }
  const { payload, options, ...others }: Partial<InvokeItem> = item;
  refuseOthers(others, index);
  return { payload, options: options ?? {} };
}

/** `others`: what stands where nothing is read. @throws InvalidOptionError naming the first of them */
export function refuseOthers(others: object, index?: number): void {
  for (const other of Object.keys(others)) refuse(other, index);
}

function refuse(option: string, index?: number): never {
  throw new InvalidOptionError(option, "a batch is a list of { payload, options }, with nothing beside those", {
    index,
  });
}
