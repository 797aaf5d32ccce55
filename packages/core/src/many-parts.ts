import { kindOf } from "./value-kind.ts";

/** As much as few documents are: below it nobody counts. */
export const MANY_PARTS = 1_000_000;

/** A value may be this many times what its parts are, each of them taken once. */
const MOST_REPEATS = 10;

/**
 * Whether a walk through a value takes out of all proportion to what there is of it. Two references to one part, in which
 * there are two to the next one, and so on, are few objects, and twice as many visits at every level.
 */
export function multiplies(root: object): boolean {
  return isHeavierThan(root, allowanceFor(weighOnce(root)));
}

/** What a value may weigh that was made of so much. */
export function allowanceFor(weight: number): number {
  return Math.max(MANY_PARTS, weight * MOST_REPEATS);
}

/** How much there is of a value, where each part is taken once, however often it is met. */
export function weighOnce(root: object): number {
  let weight = 0;
  const met = new Set([root]);
  // What is added to a Set while it is gone through is come by, too.
  for (const part of met) {
    const members = membersOf(part);
    weight += weightOf(part, members);
    for (const member of members) if (isObject(member)) met.add(member);
  }
  return weight;
}

/** Whether a value weighs more, where each part is taken as often as it is met. A cycle weighs more than anything. */
export function isHeavierThan(root: object, most: number): boolean {
  const left = [root];
  let weight = 0;
  for (let part = left.pop(); part !== undefined; part = left.pop()) {
    const members = membersOf(part);
    weight += weightOf(part, members);
    if (weight > most) return true;
    for (const member of members) if (isObject(member)) left.push(member);
  }
  return false;
}

export function isObject(value: unknown): value is object {
  return typeof value === "object" && value !== null;
}

/** By `Object.values` of an array, too: it may be one of holes. */
function membersOf(value: object): readonly unknown[] {
  switch (kindOf(value)) {
    case "record":
      return Object.entries(value).flat();
    case "array":
      return Object.values(value);
    case "map":
      return [...(value as ReadonlyMap<unknown, unknown>).entries()].flat();
    case "set":
      return [...(value as ReadonlySet<unknown>)];
    default:
      return [];
  }
}

/** What a part takes up beside the objects in it: a long text in two places is written twice. */
function weightOf(part: object, members: readonly unknown[]): number {
  if (ArrayBuffer.isView(part)) return part.byteLength;
  let weight = members.length;
  for (const member of members) if (typeof member === "string") weight += member.length;
  return weight;
}
