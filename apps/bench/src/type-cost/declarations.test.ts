import { mkdirSync, readFileSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { buildPackages, compile, installStrictly } from "./built-packages.ts";
import { writeProject } from "./write-project.ts";

/** Twenty jobs of every sort that there is, as one exported const each. */
const jobs = `
import { BeckonClient, invokeTrigger } from "@beckon/core";
import { z } from "zod";

export const client = new BeckonClient({ id: "acme" });
const limit = client.defineConcurrencyLimit({ id: "mail", limit: 3 });
const common = { name: "A job", version: "1.0.0" };
const Tier = { Free: "free", Pro: "pro" } as const;
class Money { constructor(readonly cents: number) {} }
const address = z.object({ street: z.string(), city: z.string() });

export const untyped = client.defineJob({ ...common, id: "a", trigger: invokeTrigger(), run: async () => 1 });
export const text = client.defineJob({ ...common, id: "b", trigger: invokeTrigger({ schema: z.string() }), run: async (payload) => payload.length });
export const optional = client.defineJob({ ...common, id: "c", trigger: invokeTrigger({ schema: z.object({ n: z.number() }).optional() }), run: async (payload) => payload?.n ?? null });
export const defaults = client.defineJob({ ...common, id: "d", trigger: invokeTrigger({ schema: z.object({ n: z.number().default(3), at: z.coerce.date() }) }), run: async (payload) => payload });
export const transform = client.defineJob({ ...common, id: "e", trigger: invokeTrigger({ schema: z.object({ words: z.string().transform((s) => s.split(" ")) }) }), run: async ({ words }) => new Set(words) });
export const declared = client.defineJob({ ...common, id: "f", trigger: invokeTrigger({ schema: z.object({ card: z.string() }) }), errors: { DECLINED: z.object({ reason: z.enum(["funds", "lost"]) }), CLOSED: z.object({ until: z.coerce.date() }) }, run: async (payload, _io, ctx) => { if (payload.card === "") throw ctx.errors.DECLINED({ reason: "funds" }); return { chargeId: "1", at: new Date() }; } });
export const nested = client.defineJob({ ...common, id: "g", trigger: invokeTrigger({ schema: z.object({ home: address, work: address.partial(), all: z.record(z.string(), address) }) }), run: async (payload) => payload.all });
export const unions = client.defineJob({ ...common, id: "h", trigger: invokeTrigger({ schema: z.discriminatedUnion("kind", [z.object({ kind: z.literal("a"), a: z.number() }), z.object({ kind: z.literal("b"), b: z.string() })]) }), run: async (payload) => (payload.kind === "a" ? payload.a : payload.b) });
export const enums = client.defineJob({ ...common, id: "i", trigger: invokeTrigger({ schema: z.object({ tier: z.enum(Tier) }) }), run: async ({ tier }) => tier });
export const lists = client.defineJob({ ...common, id: "j", trigger: invokeTrigger({ schema: z.array(z.tuple([z.string(), z.number()])) }), run: async (pairs) => new Map(pairs) });
export const brands = client.defineJob({ ...common, id: "k", trigger: invokeTrigger({ schema: z.object({ id: z.string().brand("UserId") }) }), run: async ({ id }) => ({ id }) });
export const classes = client.defineJob({ ...common, id: "l", trigger: invokeTrigger({ schema: z.number() }), run: async (cents) => new Money(cents) });
export const limited = client.defineJob({ ...common, id: "m", trigger: invokeTrigger({ schema: z.void() }), concurrencyLimit: limit, run: async () => undefined });
export const nothing = client.defineJob({ ...common, id: "n", trigger: invokeTrigger({ schema: z.object({}) }), run: async () => {} });
export const steps = client.defineJob({ ...common, id: "o", trigger: invokeTrigger({ schema: z.object({ n: z.number() }) }), run: async ({ n }, io) => io.runTask("double", () => ({ doubled: n * 2 })) });
export const parallel = client.defineJob({ ...common, id: "p", trigger: invokeTrigger({ schema: z.array(z.string()) }), run: async (items, io) => io.parallel("all", items, (item) => item.length) });
export const signals = client.defineJob({ ...common, id: "q", trigger: invokeTrigger({ schema: z.string() }), run: async (name, io) => io.waitForSignal("wait", name, { schema: z.object({ paid: z.boolean() }) }) });
export const caller = client.defineJob({ ...common, id: "r", trigger: invokeTrigger({ schema: z.string() }), run: async (card) => declared.invokeAndWait({ card }) });
export const handles = client.defineJob({ ...common, id: "s", trigger: invokeTrigger({ schema: z.string() }), run: async (card) => (await (await declared.invoke({ card })).output()).at });
export const recursive = client.defineJob({ ...common, id: "t", trigger: invokeTrigger({ schema: z.number() }), run: async (n): Promise<number> => (n === 0 ? 0 : (await (await recursive.invoke(n - 1)).output()) + 1) });
`;

const router = `
import { createJobRouter } from "@beckon/router";
import * as jobs from "./jobs.js";
export * as jobs from "./jobs.js";
export const router = createJobRouter(jobs);
export type AppRouter = typeof router;
`;

/** Knows the jobs by their declarations only. */
const consumer = `
import { createJobsClient } from "@beckon/client";
import type { AnyJob, InputOf, OutputOf } from "@beckon/core";
import type { AppRouter, jobs } from "@generated/author";
import { createTRPCClient, httpBatchLink, type TRPCClient } from "@trpc/client";

type IsAny<T> = 0 extends 1 & T ? true : false;
type Is<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false;
type Out<Name extends keyof typeof jobs> = (typeof jobs)[Name] extends AnyJob ? OutputOf<(typeof jobs)[Name]> : never;

true satisfies Is<Out<"text">, number>;
true satisfies Is<Out<"optional">, number | null>;
true satisfies Is<Out<"defaults">, { n: number; at: Date }>;
true satisfies Is<Out<"transform">, Set<string>>;
true satisfies Is<Out<"declared">, { chargeId: string; at: Date }>;
true satisfies Is<Out<"lists">, Map<string, number>>;
true satisfies Is<Out<"steps">, { doubled: number }>;
true satisfies Is<Out<"parallel">, number[]>;
true satisfies Is<Out<"signals">, { paid: boolean }>;
true satisfies Is<Out<"handles">, Date>;
true satisfies Is<Out<"recursive">, number>;
false satisfies IsAny<Out<"classes">> | IsAny<Out<"brands">> | IsAny<Out<"enums">> | IsAny<Out<"unions">> | IsAny<Out<"nested">>;
false satisfies IsAny<Out<"caller">>;
true satisfies Is<InputOf<typeof jobs.defaults>, { n?: number | undefined; at: unknown }>;
true satisfies IsAny<InputOf<typeof jobs.untyped>>;

const beckon = createJobsClient<typeof jobs>({ url: "" });
const result = await beckon.declared.invokeAndWait({ card: "x" }, { timeout: "5s" });
if (result.ok) result.output.at satisfies Date;
else if (result.error.code === "DECLINED") result.error.data.reason satisfies "funds" | "lost";
await beckon.defaults.invoke({ at: "2026-01-01" });
await beckon.optional.invoke();
await beckon.untyped.invoke(new Map());
const { runs } = await beckon.runs.list({ status: "FAILURE" });
runs[0]?.createdAt satisfies Date | undefined;
false satisfies IsAny<typeof runs>;
// @ts-expect-error A number is no card.
await beckon.declared.invoke({ card: 5 });
// @ts-expect-error The client of the jobs is no job.
await beckon.client.invoke({});

declare const trpc: TRPCClient<AppRouter>;
(await trpc.jobs.declared.invoke.mutate({ payload: { card: "x" } })).id satisfies string;
// @ts-expect-error A number is no card.
await trpc.jobs.declared.invoke.mutate({ payload: { card: 5 } });
void [createTRPCClient, httpBatchLink];
`;

test("B7 twenty jobs emit declarations, and through these a consumer infers everything", { timeout: 120_000 }, () => {
  using packages = buildPackages();
  const author = writeProject(packages.folder, "author", {
    "jobs.ts": jobs,
    "index.ts": router,
  });
  // An inferred type that no declaration can name is an error here: TS2742.
  compile(["-p", author, "--declaration"]);
  expect(readFileSync(join(author, "dist/jobs.d.ts"), "utf8").match(/^export declare const/gm)).toHaveLength(21);

  mkdirSync(join(packages.folder, "node_modules/@generated"));
  symlinkSync(author, join(packages.folder, "node_modules/@generated/author"));
  const project = writeProject(packages.folder, "consumer", { "index.ts": consumer });
  compile(["-p", project, "--noEmit"]);
});

const ofServer = `
import { createJobRouter, createServer } from "@beckon/server";
import * as jobs from "./jobs.js";
export const router = createJobRouter(jobs);
export type AppRouter = typeof router;
export const caller = router.createCaller({});
export const start = () => createServer({ jobs });
export const makeAuthorized = (key: string) => createJobRouter(jobs, { authorize: ({ job }) => job?.id === key });
`;

test(
  "B7 what is made with the server emits declarations that name only what its user has installed",
  { timeout: 120_000 },
  () => {
    using packages = buildPackages(["sqlite", "server"]);
    using strict = installStrictly(packages, ["@beckon/server", "@beckon/core", "@trpc/server", "zod"]);
    const author = writeProject(strict.folder, "author", { "jobs.ts": jobs, "index.ts": ofServer });
    compile(["-p", author, "--declaration"]);
    const named = readFileSync(join(author, "dist/index.d.ts"), "utf8").matchAll(/import\("(@[^/]+\/[^"/]+)/g);
    expect(new Set([...named].map(([, name]) => name))).toEqual(new Set(["@beckon/server", "@trpc/server"]));
  },
);
