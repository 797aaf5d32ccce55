import type { Duration } from "@beckon/core";
import { describeValue, InvalidOptionError, refuseUnknownOptions, toMs } from "@beckon/core/runtime";
import type { EnvironmentType } from "@beckon/core/runtime";
import type { Clock, Store } from "@beckon/engine";
import { readOrigins } from "./cors-origins.ts";

/** What `createServer` takes. */
export interface ServerOptions<Jobs extends object> {
  /** A module of jobs, `import * as jobs from "@acme/jobs"`, or a record of them; what is no job in it is left out. */
  readonly jobs: Jobs;
  /** The database file, made with its folder when it is not there, or a store of your own, which you close. Default `".beckon/beckon.db"`. */
  readonly database?: string | Store | undefined;
  /** `"full"`: what was acknowledged survives a power cut. `"normal"`: it survives the death of the process. Default `"full"`. */
  readonly durability?: "full" | "normal" | undefined;
  /** Default `"127.0.0.1"`. Any other than this machine's own needs an `apiKey`. */
  readonly host?: string | undefined;
  /** 0 takes a free one; null listens on none, for a server that is mounted elsewhere. Default 3000. */
  readonly port?: number | null | undefined;
  /**
   * Asked for as `Authorization: Bearer …`, but for health checks, the dashboard's pages (people sign in with it there) and the
   * URLs of `io.waitForRequest`. Default: none is asked for.
   */
  readonly apiKey?: string | undefined;
  /** A second key, which may look at everything and change nothing: for people who only watch. Default: there is none. */
  readonly readApiKey?: string | undefined;
  /** Runs executing at once; 0 serves without executing. Default 100. */
  readonly concurrency?: number | undefined;
  /** What runs are told as `ctx.environment`. Default `{ slug: "development", type: "DEVELOPMENT" }`. */
  readonly environment?: { readonly slug: string; readonly type: EnvironmentType } | undefined;
  /** Serve the dashboard at `/`. Default true. */
  readonly dashboard?: boolean | undefined;
  /** How long finished runs are kept; null: for ever. Default `"30d"`. */
  readonly retention?: Duration | null | undefined;
  /** Where the server is reached from outside, path included, without a query; `io.waitForRequest` hands out URLs below it. Default: where it listens. */
  readonly publicUrl?: string | undefined;
  /** Signs completion callbacks, as `X-Beckon-Signature-256`. Default: they go unsigned. */
  readonly signingSecret?: string | undefined;
  /**
   * Origins whose pages may call this server from a browser, such as `https://acme.com`; a slash at the end is left out. `*` is
   * refused. Default: its own only.
   */
  readonly cors?: readonly string[] | undefined;
  /** Is told what failed unforeseen inside a request, and why what is due cannot be done for now. Default: a warning of the process. */
  readonly onError?: ((error: unknown) => void) | undefined;
  /** Where the time comes from; tests hand in one that they move. */
  readonly clock?: Clock | undefined;
}

/** The options with defaults filled in, checked. */
export interface ServerSettings {
  readonly database: string | Store;
  readonly durability: "full" | "normal";
  readonly host: string;
  readonly port: number | null;
  readonly apiKey: string | undefined;
  readonly readApiKey: string | undefined;
  readonly concurrency: number;
  readonly environment: { readonly slug: string; readonly type: EnvironmentType } | undefined;
  readonly hasDashboard: boolean;
  readonly retentionMs: number | null;
  readonly publicUrl: string | undefined;
  readonly signingSecret: string | undefined;
  readonly cors: readonly string[];
  readonly onError: (error: unknown) => void;
  readonly clock: Clock | undefined;
}

/** Every option there is: one that is missing here does not compile. */
const KNOWN_OPTIONS: Readonly<Record<keyof ServerOptions<object>, true>> = {
  jobs: true,
  database: true,
  durability: true,
  host: true,
  port: true,
  apiKey: true,
  readApiKey: true,
  concurrency: true,
  environment: true,
  dashboard: true,
  retention: true,
  publicUrl: true,
  signingSecret: true,
  cors: true,
  onError: true,
  clock: true,
};

/** What TypeScript holds where there is a compiler. */
const KINDS: { readonly [Option in keyof ServerOptions<object>]?: "string" | "boolean" | "function" } = {
  host: "string",
  apiKey: "string",
  readApiKey: "string",
  dashboard: "boolean",
  publicUrl: "string",
  signingSecret: "string",
  onError: "function",
};

/** Checks what `createServer` was given. @throws InvalidOptionError naming the option */
export function readServerOptions(options: ServerOptions<object>): ServerSettings {
  refuseUnknownOptions(options, KNOWN_OPTIONS);
  checkKinds(options);
  const { host = "127.0.0.1", port = 3_000, apiKey, publicUrl, retention = "30d" } = options;
  checkHost(host);
  checkApiKey(apiKey, host, port);
  checkReadApiKey(options);
  checkPort(port);
  checkPublicUrl(publicUrl, port);
  return {
    database: readDatabase(options.database ?? ".beckon/beckon.db"),
    durability: readDurability(options.durability),
    host,
    port,
    apiKey,
    readApiKey: options.readApiKey,
    concurrency: readConcurrency(options.concurrency ?? 100),
    environment: options.environment,
    hasDashboard: options.dashboard ?? true,
    retentionMs: retention === null ? null : toMs(retention, "retention"),
    publicUrl: publicUrl && new URL(publicUrl).href.replace(/\/+$/, ""),
    signingSecret: readSigningSecret(options.signingSecret),
    cors: readOrigins(options.cors),
    onError: options.onError ?? warn,
    clock: options.clock,
  };
}

/** Tells whether only programs on this machine can reach a host. */
export function isLoopback(host: string): boolean {
  return host === "localhost" || host === "::1" || /^127(\.\d{1,3}){3}$/.test(host);
}

function checkKinds(options: ServerOptions<object>): void {
  const { jobs }: { readonly jobs: unknown } = options;
  if (typeof jobs !== "object" || jobs === null) {
    throw new InvalidOptionError(
      "jobs",
      `expected a module of jobs or a record of them, received ${describeValue(jobs)}: import * as jobs, and hand them in`,
    );
  }
  for (const [option, kind] of Object.entries(KINDS)) {
    const value: unknown = options[option as keyof typeof options];
    if (value === undefined || typeof value === kind) continue;
    throw new InvalidOptionError(option, `expected a ${kind}, received ${describeValue(value)}`);
  }
}

function checkHost(host: string): void {
  if (host !== "") return;
  throw new InvalidOptionError(
    "host",
    'it is empty: leave it out to listen on 127.0.0.1, or give "0.0.0.0" for all addresses',
  );
}

function readDatabase(database: string | Store): string | Store {
  if (typeof database === "string" || typeof database.subscribe === "function") return database;
  throw new InvalidOptionError("database", `expected a path or a store, received ${describeValue(database)}`);
}

function readSigningSecret(secret: string | undefined): string | undefined {
  if (secret !== "") return secret;
  throw new InvalidOptionError("signingSecret", "it is empty: leave it out, or set a long random text");
}

function checkApiKey(apiKey: string | undefined, host: string, port: number | null): void {
  if (apiKey === undefined) {
    if (port === null || isLoopback(host)) return;
    throw new InvalidOptionError(
      "apiKey",
      `without one the server would be open to whoever reaches ${host}: set it, or listen on 127.0.0.1`,
    );
  }
  checkKeyText("apiKey", apiKey);
}

function checkKeyText(option: "apiKey" | "readApiKey", key: string): void {
  if (/^[A-Za-z0-9._~+/-]+=*$/.test(key)) return;
  throw new InvalidOptionError(
    option,
    key === ""
      ? "it is empty: leave it out, or set a long random text"
      : 'use letters, digits and "-._~+/=" in it, as HTTP allows no others there',
  );
}

function checkReadApiKey({ apiKey, readApiKey }: ServerOptions<object>): void {
  if (readApiKey === undefined) return;
  if (apiKey === undefined) {
    throw new InvalidOptionError("readApiKey", "without an apiKey everybody may change everything: set that, too");
  }
  if (readApiKey === apiKey) throw new InvalidOptionError("readApiKey", "it is the apiKey: choose another text");
  checkKeyText("readApiKey", readApiKey);
}

function checkPort(port: number | null): void {
  if (port === null || (Number.isInteger(port) && port >= 0 && port <= 65_535)) return;
  throw new InvalidOptionError(
    "port",
    `${port} is no port: give a whole number from 0 to 65535, or null to listen on none`,
  );
}

function checkPublicUrl(publicUrl: string | undefined, port: number | null): void {
  if (publicUrl === undefined) {
    if (port !== null) return;
    throw new InvalidOptionError(
      "publicUrl",
      "a server that listens on no port cannot know where it is reached: say where it is mounted",
    );
  }
  const text = JSON.stringify(publicUrl);
  if (!URL.canParse(publicUrl) || !/^https?:$/.test(new URL(publicUrl).protocol))
    throw new InvalidOptionError("publicUrl", `${text} is no http or https URL`);
  if (!/[?#]/.test(publicUrl)) return;
  throw new InvalidOptionError(
    "publicUrl",
    `${text} has a "?" or "#" in it: end it with its path, as URLs go on behind it`,
  );
}

function readDurability(durability: "full" | "normal" = "full"): "full" | "normal" {
  if (durability === "full" || durability === "normal") return durability;
  throw new InvalidOptionError("durability", `${JSON.stringify(durability)} is not known: give "full" or "normal"`);
}

function readConcurrency(concurrency: number): number {
  if (Number.isSafeInteger(concurrency) && concurrency >= 0) return concurrency;
  throw new InvalidOptionError("concurrency", `${concurrency} is no number of runs: give a whole number from 0 on`);
}

function warn(error: unknown): void {
  process.emitWarning(error instanceof Error ? error : new Error(String(error)));
}
