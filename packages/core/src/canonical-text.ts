import { inspectValue } from "./serializable.ts";
import { kindOf } from "./value-kind.ts";

/**
 * One text for equal values: keys sorted, `undefined` properties dropped, shared references written out. Two
 * inputs are the same input exactly when these texts are, before and after the codec. Where JSON can say the
 * value, the text is JSON; what it cannot say reads as a call, such as `Date(…)`, and so resembles no JSON.
 * @throws UnserializableValueError for what `encode` refuses too
 */
export function canonicalText(value: unknown): string {
  inspectValue(value, "value");
  return write(value);
}

function write(value: unknown): string {
  switch (typeof value) {
    case "string":
    case "boolean":
      return JSON.stringify(value);
    case "number":
      return Object.is(value, -0) ? "-0" : String(value);
    case "bigint":
      return `${value}n`;
    case "undefined":
      return "undefined";
    case "object":
      return value === null ? "null" : writeObject(value);
    default:
      throw unreachable();
  }
}

function writeObject(value: object): string {
  switch (kindOf(value)) {
    case "record":
      return writeRecord(value);
    case "array":
      return writeList(value as readonly unknown[]);
    case "map":
      return `Map(${writeList([...(value as ReadonlyMap<unknown, unknown>).entries()])})`;
    case "set":
      return `Set(${writeList([...(value as ReadonlySet<unknown>)])})`;
    case "date":
      return `Date(${(value as Date).getTime()})`;
    case "regexp":
      return `RegExp(${JSON.stringify(RegExp.prototype.toString.call(value))})`;
    case "url":
      return `URL(${JSON.stringify((value as URL).href)})`;
    case "buffer":
      return `Uint8Array(${(value as Uint8Array).join()})`;
    case "integers":
    case "floats":
      return `${value.constructor.name}(${(value as Float64Array).join()})`;
    default:
      throw unreachable();
  }
}

function writeRecord(value: object): string {
  let members = "";
  for (const key of Object.keys(value).toSorted()) {
    const member: unknown = Reflect.get(value, key);
    if (member === undefined) continue;
    members += `${members === "" ? "" : ","}${JSON.stringify(key)}:${write(member)}`;
  }
  return `{${members}}`;
}

/** By index: a hole reads as undefined, as the codec keeps it. */
function writeList(values: readonly unknown[]): string {
  let members = "";
  for (let index = 0; index < values.length; index += 1) members += `${index === 0 ? "" : ","}${write(values[index])}`;
  return `[${members}]`;
}

/** The walk before has refused all else. */
function unreachable(): Error {
  return new Error("A value was inspected that cannot be written: this is an error in Beckon, please report it.");
}
