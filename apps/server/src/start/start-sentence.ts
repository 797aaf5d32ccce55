import { InvalidOptionError, type OperationError } from "@beckon/core/runtime";
import type { StartError } from "@beckon/server";

/** What gives an option of `createServer` here: whoever starts the program has no options, but these. */
const VARIABLES: Readonly<Record<string, string>> = {
  host: "HOST",
  port: "PORT",
  database: "BECKON_DATABASE",
  apiKey: "BECKON_API_KEY",
  readApiKey: "BECKON_READ_API_KEY",
};

/** Which variable changes what the operating system has refused. */
const REMEDIES: Readonly<Record<string, string>> = {
  EADDRINUSE: " PORT sets it.",
  EACCES: " PORT sets it.",
  EADDRNOTAVAIL: " HOST sets it.",
  ENOTFOUND: " HOST sets it.",
};

/** Why the server did not start, in the words of who started it from a shell. `port` is PORT as it was written. */
export function toStartSentence(error: StartError | OperationError, port: string | undefined): string {
  if (!(error instanceof InvalidOptionError)) return `${error.message}${REMEDIES[codeOf(error.cause)] ?? ""}`;
  const variable = VARIABLES[error.option];
  if (variable === undefined) return error.message;
  if (variable === "PORT") return `PORT=${port} is no port: give a whole number from 0 to 65535.`;
  const reason = error.message.replace(`Option "${error.option}": `, "");
  return `${variable}: ${reason.replace(/(?:\b(?:an|the) )?\bapiKey\b/g, "BECKON_API_KEY")}`;
}

function codeOf(cause: unknown): string {
  return cause instanceof Error && "code" in cause && typeof cause.code === "string" ? cause.code : "";
}
