import type { Duration } from "@beckon/core";
import { InvalidOptionError, refuseUnknownOptions, toMs } from "@beckon/core/runtime";
import type { EnvironmentType } from "@beckon/core/runtime";
import type { Clock, Store } from "@beckon/engine";

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
  /** Where the server is reached from outside, path included; `io.waitForRequest` hands out URLs below it. Default: where it listens. */
  readonly publicUrl?: string | undefined;
  /** Signs completion callbacks, as `X-Beckon-Signature-256`. Default: they go unsigned. */
  readonly signingSecret?: string | undefined;
  /** Origins whose pages may call this server from a browser, such as `https://acme.com`. Default: its own only. */
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

/** Checks what `createServer` was given. @throws InvalidOptionError naming the option */
export function readServerOptions(options: ServerOptions<object>): ServerSettings {
  refuseUnknownOptions(options, KNOWN_OPTIONS);
  const { host = "127.0.0.1", port = 3_000, apiKey, publicUrl, retention = "30d" } = options;
  checkApiKey(apiKey, host, port);
  checkReadApiKey(options);
  checkPort(port);
  checkPublicUrl(publicUrl, port);
  return {
    database: options.database ?? ".beckon/beckon.db",
    durability: readDurability(options.durability),
    host,
    port,
    apiKey,
    readApiKey: options.readApiKey,
    concurrency: readConcurrency(options.concurrency ?? 100),
    environment: options.environment,
    hasDashboard: options.dashboard ?? true,
    retentionMs: retention === null ? null : toMs(retention, "retention"),
    publicUrl: publicUrl?.replace(/\/+$/, ""),
    signingSecret: options.signingSecret,
    cors: options.cors ?? [],
    onError: options.onError ?? warn,
    clock: options.clock,
  };
}

/** Tells whether only programs on this machine can reach a host. */
export function isLoopback(host: string): boolean {
  return host === "localhost" || host === "::1" || /^127(\.\d{1,3}){3}$/.test(host);
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
  if (URL.canParse(publicUrl) && /^https?:$/.test(new URL(publicUrl).protocol)) return;
  throw new InvalidOptionError("publicUrl", `${JSON.stringify(publicUrl)} is no http or https URL`);
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
