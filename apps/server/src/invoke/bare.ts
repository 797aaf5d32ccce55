import { stripVTControlCharacters } from "node:util";

/** A text without what a terminal takes for commands, such as one that came with a payload; its lines and tabs stay. */
export function bare(text: string): string {
  // oxlint-disable-next-line no-control-regex -- it is these that are taken out.
  return stripVTControlCharacters(text).replaceAll(/[\u0000-\u0008\u000B-\u001F\u007F]/g, "");
}
