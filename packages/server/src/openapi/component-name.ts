const ALLOWED = /^[\w.-]+$/;
const ESCAPE = /\.x[\da-f]+\./;

/**
 * A name as the key of a component, for which OpenAPI has only letters, digits, `_`, `-` and `.`. A name of those stays as
 * it is. In any other each letter that is not allowed is written as `.x2f.`, and so is the dot. A name that reads as if it
 * had such a letter is one of the others, so no two names have one key.
 */
export function toComponentName(name: string): string {
  if (ALLOWED.test(name) && !ESCAPE.test(name)) return name;
  return name.replaceAll(/[^\w-]/gu, (letter) => `.x${(letter.codePointAt(0) ?? 0).toString(16)}.`);
}
