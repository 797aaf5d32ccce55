import type { InvokeOptions } from "@beckon/core";
import {
  DefinitionError,
  describeValue,
  encode,
  InvalidOptionError,
  refuseUnknownOptions,
  toInstant,
  toMs,
  UnserializableValueError,
} from "@beckon/core/runtime";
import type { JobDefinition } from "@beckon/core/runtime";
import { type IdempotencyKey, readIdempotencyKey } from "./idempotency-key.ts";
import { toShare } from "./store/limit-share.ts";
import type { NewRun } from "./store/records.ts";

/** What options and definition together say about a run to be made. */
export interface BirthOptions {
  readonly facts: Pick<
    NewRun,
    | "context"
    | "accountId"
    | "callbackUrl"
    | "tags"
    | "priority"
    | "isDetached"
    | "concurrencyKey"
    | "limit"
    | "startAt"
    | "ttlMs"
    | "maxDurationMs"
  >;
  readonly idempotencyKey: IdempotencyKey | null;
}

const MAX_TAGS = 50;

/** Checks the options of one invocation. @throws InvalidOptionError naming the option */
export function readBirthOptions(options: InvokeOptions, definition: JobDefinition, now: number): BirthOptions {
  checkObject(options);
  refuseUnknownOptions(options, KNOWN_OPTIONS);
  const concurrencyKey = optionalText("concurrencyKey", options.concurrencyKey);
  const startAt = options.delay === undefined ? null : toInstant(options.delay, now, "delay");
  return {
    facts: {
      context: readContext(options.context),
      accountId: optionalText("accountId", options.accountId),
      callbackUrl: readCallbackUrl(options.callbackUrl),
      tags: readTags(options.tags),
      priority: readPriority(options.priority),
      isDetached: readFlag("detached", options.detached) ?? false,
      concurrencyKey,
      limit: toLimit(definition, concurrencyKey),
      startAt: startAt !== null && startAt > now ? startAt : null,
      ttlMs: options.ttl === undefined ? definition.ttlMs : toMs(options.ttl, "ttl"),
      maxDurationMs:
        options.maxDuration === undefined ? definition.maxDurationMs : toMs(options.maxDuration, "maxDuration"),
    },
    idempotencyKey: readIdempotencyKey(options, now),
  };
}

/** Plain JavaScript may give a text, whose characters would be options, or a number, which has none. */
function checkObject(options: unknown): void {
  if (typeof options === "object" && options !== null) return;
  throw new InvalidOptionError("options", `it is ${describeValue(options)}: give an object`);
}

/** Every option there is: one that is missing here does not compile. */
const KNOWN_OPTIONS: Readonly<Record<keyof InvokeOptions, true>> = {
  key: true,
  idempotencyKey: true,
  idempotencyKeyTTL: true,
  detached: true,
  context: true,
  accountId: true,
  callbackUrl: true,
  delay: true,
  ttl: true,
  priority: true,
  tags: true,
  concurrencyKey: true,
  maxDuration: true,
  isTest: true,
};

function toLimit({ concurrencyLimit }: JobDefinition, concurrencyKey: string | null): NewRun["limit"] {
  if (concurrencyLimit === null) return null;
  return toShare({ id: concurrencyLimit.id, max: concurrencyLimit.limit }, concurrencyKey);
}

function readContext(context: unknown): string | null {
  try {
    return context === undefined ? null : encode(context, "context");
  } catch (error) {
    if (!(error instanceof UnserializableValueError)) throw error;
    throw new InvalidOptionError("context", error.message.replace(/\.$/, ""));
  }
}

function readPriority(priority: number | undefined): number {
  if (priority === undefined) return 0;
  if (Number.isSafeInteger(priority)) return priority;
  throw new InvalidOptionError("priority", `${String(priority)} is not a whole number`);
}

/** @throws InvalidOptionError where plain JavaScript gives what is neither */
export function readFlag(option: string, flag: boolean | undefined): boolean | undefined {
  if (flag === undefined || typeof flag === "boolean") return flag;
  throw new InvalidOptionError(option, `it is ${describeValue(flag)}: give true or false`);
}

function readTags(tags: readonly string[] | undefined): readonly string[] {
  if (tags === undefined) return [];
  if (!Array.isArray(tags)) throw new InvalidOptionError("tags", `it is ${describeValue(tags)}: give a list of texts`);
  if (tags.length > MAX_TAGS)
    throw new InvalidOptionError("tags", `${tags.length} tags are too many: at most ${MAX_TAGS} are kept`);
  const bad = tags.find((tag) => !isKeptText(tag));
  if (bad !== undefined)
    throw new InvalidOptionError("tags", `${JSON.stringify(bad)} is not a tag: use texts ${KEPT_LENGTH}`);
  return [...new Set(tags)];
}

function optionalText(option: string, text: string | undefined): string | null {
  if (text === undefined) return null;
  if (isKeptText(text)) return text;
  throw new InvalidOptionError(option, `give a text ${KEPT_LENGTH}`);
}

const KEPT_LENGTH = "of 1 to 256 characters, without halves of surrogate pairs";

/** Half of a surrogate pair would be stored as the replacement character, and found by that alone. */
function isKeptText(text: unknown): boolean {
  return typeof text === "string" && text.length > 0 && text.length <= 256 && text.isWellFormed();
}

function readCallbackUrl(url: string | undefined): string | null {
  if (url === undefined) return null;
  const parsed = URL.parse(url);
  if (parsed === null || !/^https?:$/.test(parsed.protocol))
    throw new InvalidOptionError("callbackUrl", `${JSON.stringify(url)} is not an http or https URL`);
  // `fetch` refuses such a URL, and so would every delivery.
  if (parsed.username !== "" || parsed.password !== "")
    throw new InvalidOptionError(
      "callbackUrl",
      "it has a user or a password in it: check the signature instead, or put a secret into its path",
    );
  return url;
}

/** Two different jobs with one id cannot both be meant. @throws DefinitionError naming it */
export function checkUniqueIds<J extends { readonly id: string }>(jobs: Iterable<J>): ReadonlyMap<string, J> {
  const byId = new Map<string, J>();
  for (const job of jobs) {
    const known = byId.get(job.id);
    if (known !== undefined && known !== job) {
      throw new DefinitionError(`Two different jobs have the id "${job.id}": give one of them another id.`);
    }
    byId.set(job.id, job);
  }
  return byId;
}
