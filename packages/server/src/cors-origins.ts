import { describeValue, InvalidOptionError } from "@beckon/core/runtime";

/**
 * Reads the option `cors` into origins as browsers send them. An origin that is written otherwise and can mean only one is that
 * one: in capitals, with the usual port, or with a slash at its end as addresses are copied.
 * @throws InvalidOptionError
 */
export function readOrigins(origins: readonly string[] = []): readonly string[] {
  if (Array.isArray(origins)) return origins.map(readOrigin);
  throw new InvalidOptionError(
    "cors",
    `expected a list of origins, received ${describeValue(origins)}: give one such as ["https://acme.com"]`,
  );
}

function readOrigin(origin: unknown): string {
  const name = describeValue(origin);
  // Every page that somebody keeps in a frame of its own or in a file has the origin "null".
  if (origin === "*" || origin === "null") {
    throw new InvalidOptionError(
      "cors",
      `${name} stands for pages of anybody, which could then invoke jobs: name each origin, such as "https://acme.com"`,
    );
  }
  if (typeof origin === "string" && origin.includes("*"))
    throw new InvalidOptionError("cors", `${name} is a pattern: name each origin, such as "https://acme.com"`);
  const url = typeof origin === "string" && URL.canParse(origin) ? new URL(origin) : null;
  if (url !== null && url.host !== "" && isBare(url)) return `${url.protocol}//${url.host}`;
  throw new InvalidOptionError(
    "cors",
    `${name} is no origin: give scheme and host as browsers send them, without a path, such as "https://acme.com"`,
  );
}

function isBare({ pathname, search, hash, username, password }: URL): boolean {
  return /^\/?$/.test(pathname) && [search, hash, username, password].every((part) => part === "");
}
