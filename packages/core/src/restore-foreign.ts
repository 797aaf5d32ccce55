import { type Annotated, restore } from "./codec.ts";
import { checkAnnotations } from "./foreign-annotations.ts";
import { allowanceFor, isHeavierThan, isObject, weighOnce } from "./many-parts.ts";

interface ForeignMeta {
  readonly values?: unknown;
  readonly referentialEqualities?: unknown;
  readonly v?: unknown;
}

/**
 * `restore` of what anybody may have sent: a few bytes of annotations that would make a value of gigabytes, or one that nobody
 * can walk to its end, are refused. Plain JSON is not looked at. Takes its argument apart: it is not to be used afterwards.
 * @throws Error where its annotations do not fit the value beside them
 */
export function restoreForeign(annotated: Annotated): unknown {
  const { json } = annotated;
  const meta = annotated.meta as ForeignMeta | null | undefined;
  if (meta === undefined || meta === null) return json;
  const { values, referentialEqualities: references } = meta;
  checkAnnotations({ json, values, references, version: meta.v ?? 0 });
  if (!references) return restore(annotated);
  // Before it is taken apart.
  const allowance = allowanceFor(isObject(json) ? weighOnce(json) : 0);
  const value = restore(annotated);
  if (isObject(value) && isHeavierThan(value, allowance))
    throw new TypeError("its references make far more of it than was sent, or a cycle");
  return value;
}
