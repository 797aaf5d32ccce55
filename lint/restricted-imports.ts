/** An import that a part of the tree does without, and where its work is done instead. */
export interface ImportRestriction {
  /** Files the restriction is about, by their path from the root. */
  readonly files: RegExp;
  readonly exceptFiles?: RegExp;
  /** Import specifiers that it refuses. */
  readonly source: RegExp;
  readonly instead: string;
}

export const restrictedImports: readonly ImportRestriction[] = [
  {
    files: /^packages\/(core|client)\/src\//,
    // The architecture test sees to it that what is in `node` is there in Node alone.
    exceptFiles: /\.test(-d)?\.tsx?$|^packages\/client\/src\/node\//,
    source: /^node:/,
    instead: "This package runs in browsers too: use the web platform, or take the capability as an option.",
  },
  {
    files: /^packages\/core\/src\//,
    source: /^(@trpc\/|hono|@hono\/|better-sqlite3|react)/,
    instead: "Core only says what a job is: tRPC belongs in router and client, HTTP in server, SQL in sqlite.",
  },
  {
    files: /^packages\/engine\/src\//,
    source: /^(@trpc\/|hono|@hono\/|better-sqlite3|react)/,
    instead: "The engine knows neither transport nor SQL: declare a verb on the Store port, or return a value.",
  },
  {
    files: /^(packages\/(?!sqlite\/)|apps\/)/,
    // What the benchmark calls LIMIT is SQLite without Beckon, and some of its peers are handed a connection: neither has a Store.
    exceptFiles: /^apps\/bench\/(src\/speed\/limit|peers\/drivers)\//,
    source: /^(better-sqlite3|node:sqlite)/,
    instead: "Only packages/sqlite speaks SQL: add a domain verb to the Store port and call that.",
  },
  {
    files: /^packages\/(?!router\/|server\/|client\/)/,
    source: /^@trpc\/server/,
    instead: "Only packages/router knows @trpc/server: return a value or a typed error, and let router map it.",
  },
  {
    files: /^packages\/client\/src\//,
    source: /^@beckon\/(engine|sqlite|server)/,
    instead: "The client sees the server only through the router's types: `import type` them from @beckon/router.",
  },
  {
    files: /^(packages|apps|tests)\//,
    source: /^@(beckon|acme)\/[^/]+\/(src|dist)\//,
    instead: "Import the package by its name or a subpath of its `exports`; export what is missing there.",
  },
  {
    files: /^(packages|apps|tests)\//,
    source: /^(lodash|underscore|moment|axios|uuid|dotenv|node-fetch)(\/|$)/,
    instead: "The platform has it: fetch, crypto.randomUUID, structuredClone, Intl, `node --env-file`.",
  },
];
