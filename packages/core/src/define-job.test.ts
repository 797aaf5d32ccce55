import { expect, test } from "vitest";
import { z } from "zod";
import { BeckonClient } from "./client.ts";
import { DefinitionError, InvalidOptionError } from "./errors.ts";
import { invokeTrigger } from "./trigger.ts";

const client = new BeckonClient({ id: "acme" });

/** Defines a job that works but for what is given; types bypassed, as plain JavaScript would. */
function define(options: Readonly<Record<string, unknown>>) {
  const whole = {
    id: "greet",
    name: "Greet",
    version: "1.0.0",
    trigger: invokeTrigger(),
    run: async () => 1,
    ...options,
  };
  return client.defineJob<unknown, unknown, Promise<number>, object>(whole);
}

test("a definition has its defaults filled in and its durations in milliseconds", () => {
  expect(define({}).definition).toMatchObject({
    id: "greet",
    clientId: "acme",
    enabled: true,
    schema: undefined,
    examples: [],
    errors: {},
    retry: null,
    maxDurationMs: null,
    ttlMs: null,
    concurrencyLimit: null,
    logLevel: "info",
  });
  const { definition } = define({
    retry: {},
    maxDuration: "5m",
    ttl: 30,
    concurrencyLimit: 2,
    enabled: false,
    logLevel: "warn",
  });
  expect(definition).toMatchObject({
    enabled: false,
    retry: { limit: 5, factor: 1.8, minTimeoutInMs: 1_000, maxTimeoutInMs: 60_000, randomize: true },
    maxDurationMs: 300_000,
    ttlMs: 30_000,
    concurrencyLimit: { id: "job:greet", limit: 2 },
    logLevel: "warn",
  });
});

test("a shared limit has an id of its own", () => {
  const limit = client.defineConcurrencyLimit({ id: "mail", limit: 3 });
  expect(define({ concurrencyLimit: limit }).definition.concurrencyLimit).toEqual({ id: "shared:mail", limit: 3 });
});

test("B5 an invalid version is refused, naming the job", () => {
  for (const version of ["1.0", "v1.0.0", "1.0.0-beta", ""]) {
    expect(() => define({ version })).toThrow(DefinitionError);
    expect(() => define({ version })).toThrow(`Invalid job version "${version}" of job "greet"`);
  }
});

test.each([["a.b-c_9"], ["x"], ["..x"], ["a".repeat(128)]])("the id %j is fine", (id) => {
  expect(define({ id }).id).toBe(id);
});

test.each([[""], ["Greet"], ["a b"], ["a/b"], ["ä"], ["a".repeat(129)], ["a\n"], ["."], [".."]])(
  "the id %j is refused",
  (id) => {
    expect(() => define({ id })).toThrow(DefinitionError);
    expect(() => define({ id })).toThrow(`Invalid job id "${id}": use 1 to 128 lower-case letters, digits`);
  },
);

test("a limit and a client refuse an option that there is not, and a client without an id says that it has one", () => {
  const limit: { id: string; limit: number } = Object.assign({ id: "mail", limit: 2 }, { ratePer: 3 });
  const refusal = 'Option "ratePer": there is no such option; known are id, limit.';
  expect(() => client.defineConcurrencyLimit(limit)).toThrow(refusal);
  expect(() => define({ concurrencyLimit: limit })).toThrow(`Job "greet": ${refusal}`);
  const options = { id: "acme", apiKey: "secret" };
  expect(() => new BeckonClient(options)).toThrow('Option "apiKey": there is no such option; known are id.');
  const Untyped = BeckonClient as unknown as new (options?: unknown) => BeckonClient;
  for (const none of [undefined, {}, "acme"]) expect(() => new Untyped(none)).toThrow("A BeckonClient has an id");
});

test.each([[0], [-1], [1.5], [Infinity], [Number.NaN]])("a concurrency limit of %d is refused", (limit) => {
  expect(() => define({ concurrencyLimit: limit })).toThrow(`Job "greet": ${limit} is not a concurrency limit`);
  expect(() => client.defineConcurrencyLimit({ id: "mail", limit })).toThrow('Concurrency limit "mail"');
});

test("a shared limit that is written as a plain object is checked, too, and null is none", () => {
  expect(define({ concurrencyLimit: { id: "mail", limit: 3 } }).definition.concurrencyLimit?.id).toBe("shared:mail");
  const refusal = 'Job "greet": Concurrency limit "mail": 0 is not a concurrency limit';
  expect(() => define({ concurrencyLimit: { id: "mail", limit: 0 } })).toThrow(DefinitionError);
  expect(() => define({ concurrencyLimit: { id: "mail", limit: 0 } })).toThrow(refusal);
  expect(() => define({ concurrencyLimit: { limit: 1 } })).toThrow('Concurrency limit "undefined": use 1 to 128');
  expect(define({ concurrencyLimit: null }).definition.concurrencyLimit).toBeNull();
});

test("the id of a shared limit follows the rule of job ids", () => {
  expect(() => client.defineConcurrencyLimit({ id: "Mail Queue", limit: 1 })).toThrow(
    'Concurrency limit "Mail Queue": use',
  );
});

test("an error code of Beckon's own is refused at run time too", () => {
  for (const code of ["UNCAUGHT", "TIMED_OUT", "CANCELED", "EXPIRED", "INVALID_PAYLOAD", "STEP_MISMATCH", "POISONED"]) {
    expect(() => define({ errors: { [code]: z.unknown() } })).toThrow(`Job "greet" declares the error "${code}"`);
  }
});

test.each<[Record<string, unknown>, string]>([
  [{ maxDuration: "5 minutes" }, 'Job "greet": Option "maxDuration": "5 minutes" is not a duration'],
  [{ ttl: -1 }, 'Job "greet": Option "ttl": -1 is not a duration'],
  [{ retry: { limit: 0 } }, 'Job "greet": Option "retry.limit": 0 is not a number of attempts'],
  [{ retry: { lmit: 3 } }, 'Job "greet": Option "retry.lmit": there is no such option; known are limit, factor,'],
  [{ retry: 3 }, 'Job "greet": Option "retry": 3 is no retry policy: write an object, such as { limit: 3 }.'],
  [{ rety: {} }, 'Job "greet": Option "rety": there is no such option; known are id, name, version, trigger, errors,'],
])("the options %j are refused, naming the job", (options, message) => {
  expect(() => define(options)).toThrow(InvalidOptionError);
  expect(() => define(options)).toThrow(message);
});

test("an option of invokeTrigger that there is not is refused by name, before there is a job to name", () => {
  // @ts-expect-error -- a misspelled option
  expect(() => invokeTrigger({ shema: z.string() })).toThrow(
    new InvalidOptionError("trigger.shema", "there is no such option; known are schema, examples"),
  );
});

test.each<[Record<string, unknown>, string]>([
  [{ name: undefined }, 'Job "greet" has no name'],
  [{ run: undefined }, 'Job "greet" has no run'],
  [{ trigger: undefined }, 'Job "greet" has no trigger'],
  [{ trigger: { type: "event" } }, 'Job "greet" has no trigger'],
  [{ logLevel: "loud" }, 'Job "greet": "loud" is no log level'],
  [{ enabled: "no" }, 'Job "greet": its option enabled is "no": give true or false'],
  [{ enabled: 0 }, 'Job "greet": its option enabled is 0'],
  [{ onSuccess: 5 }, 'Job "greet": its option onSuccess is 5: give the function that is told'],
  [{ onFailure: "x" }, 'Job "greet": its option onFailure is "x"'],
  [{ errors: { GONE: 5 } }, 'Job "greet": the error "GONE" has no schema'],
  [
    { trigger: { type: "invoke", schema: { parse: () => 1 }, examples: [] } },
    'Job "greet": its schema is no Standard Schema',
  ],
])("plain JavaScript that passes %j is told what is missing (%s)", (options, message) => {
  expect(() => define(options)).toThrow(DefinitionError);
  expect(() => define(options)).toThrow(message);
});

test("defining a job again is no error: a hot reload does so", () => {
  expect(define({})).not.toBe(define({}));
});
