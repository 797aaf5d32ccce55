import { parseArgs } from "node:util";
import type { InvokeOptions } from "@beckon/core";
import { fromJsonOptions } from "@beckon/core/runtime";

/** What was asked for cannot be done; the message is for people and says what to do instead. */
export class CommandError extends Error {
  override readonly name = "CommandError";
}

export interface Command {
  /** Then the rest was not read. */
  readonly asksForUsage: boolean;
  /** undefined: only show which jobs there are. */
  readonly jobId: string | undefined;
  /** undefined: the job's first example. */
  readonly payload: { readonly value: unknown } | undefined;
  readonly options: InvokeOptions;
  readonly url: string;
  readonly apiKey: string | undefined;
}

export const USAGE = `Usage: pnpm invoke JOB [PAYLOAD] [--options JSON] [--url URL] [--api-key KEY]

  JOB        the id of a job; without it, the jobs of the server are listed
  PAYLOAD    JSON in single quotes; left out: the job's first example
  --options  options of the invocation, such as '{"delay":"5s","tags":["shell"],"idempotencyKey":"1"}'
  --url      of the server; default: BECKON_URL, or http://127.0.0.1 at the port PORT, or else 3000
  --api-key  of the server; default: BECKON_API_KEY
  --help     shows this`;

/** Reads the words after the command. @throws CommandError */
export function readCommandLine(
  words: readonly string[],
  defaults: { readonly url: string; readonly apiKey: string | undefined },
): Command {
  const { values, positionals } = parse(words);
  if (values.help) return { ...defaults, asksForUsage: true, jobId: undefined, payload: undefined, options: {} };
  const [jobId, payload, ...rest] = positionals;
  if (rest.length > 0) {
    throw new CommandError(`"${rest[0]}" is one word too many: put the payload in single quotes.\n\n${USAGE}`);
  }
  return {
    asksForUsage: false,
    jobId,
    payload: payload === undefined ? undefined : { value: readJson(payload, "The payload") },
    options: readOptions(values.options),
    url: (values.url ?? defaults.url).replace(/\/+$/, ""),
    apiKey: values["api-key"] ?? defaults.apiKey,
  };
}

function parse(words: readonly string[]) {
  try {
    return parseArgs({
      args: [...words],
      allowPositionals: true,
      options: {
        url: { type: "string" },
        "api-key": { type: "string" },
        options: { type: "string" },
        help: { type: "boolean", short: "h" },
      },
    });
  } catch (error) {
    throw new CommandError(`${error instanceof Error ? error.message : String(error)}\n\n${USAGE}`);
  }
}

function readOptions(text: string | undefined): InvokeOptions {
  const options = text === undefined ? {} : readJson(text, "--options");
  if (typeof options === "object" && options !== null && !Array.isArray(options)) return fromJsonOptions(options);
  throw new CommandError(`--options is not a JSON object: write it as in '{"delay":"5s"}'.`);
}

function readJson(text: string, subject: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    // The message of JSON.parse says where.
    const reason = error instanceof Error ? error.message : String(error);
    throw new CommandError(`${subject} is not JSON: ${reason}. What arrived: ${text}`);
  }
}
