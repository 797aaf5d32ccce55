import { BeckonClient, invokeTrigger, type RunResult } from "@beckon/core";
import { createTRPCClient, httpLink } from "@trpc/client";
import type { inferRouterInputs, inferRouterOutputs, TRPCRouterRecord } from "@trpc/server";
import superjson from "superjson";
import { z } from "zod";
import type { PendingResult } from "./call-shapes.ts";
import { createJobRouter } from "./create-job-router.ts";
import type { JobRouterRecord } from "./job-router.ts";

/** The type as it is, or an error where it is `any`. */
type NotAny<Type> = 0 extends 1 & Type ? "This is any." : Type;

const client = new BeckonClient({ id: "tests" });
const booking = z.object({ seat: z.string(), at: z.coerce.date(), tier: z.enum(["a", "b"]).default("a") });
const book = client.defineJob({
  id: "book",
  name: "Book",
  version: "1.0.0",
  trigger: invokeTrigger({ schema: booking }),
  errors: { SOLD_OUT: z.object({ left: z.number() }) },
  run: async ({ seat, at }) => ({ seat, at }),
});
const untyped = client.defineJob({
  id: "untyped",
  name: "Untyped",
  version: "1.0.0",
  trigger: invokeTrigger(),
  run: async () => 1,
});
const maybe = client.defineJob({
  id: "maybe",
  name: "Maybe",
  version: "1.0.0",
  trigger: invokeTrigger({ schema: z.string().optional() }),
  run: async (text) => text ?? "",
});

const router = createJobRouter({ client, book, untyped, maybe, LIMIT: 3 });
type AppRouter = typeof router;
type Inputs = inferRouterInputs<AppRouter>;
type Outputs = inferRouterOutputs<AppRouter>;

type Seat = { seat: string; at: Date };
type SoldOut = { readonly code: "SOLD_OUT"; readonly message: string; readonly data: { left: number } };

// What is derived is a record of procedures in tRPC's eyes.
true satisfies JobRouterRecord<{ book: typeof book }> extends TRPCRouterRecord ? true : false;

// What a caller sends is the schema's input, what comes back is the run's result; nothing is `any`.
declare const input: NotAny<Inputs["jobs"]["book"]["invoke"]["payload"]>;
input satisfies z.input<typeof booking>;
({ id: "run_1" }) satisfies NotAny<Outputs["jobs"]["book"]["invoke"]>;
type Result = Exclude<NotAny<Outputs["jobs"]["book"]["result"]>, PendingResult>;
declare const success: NotAny<Extract<Result, { ok: true }>["output"]>;
success satisfies Seat;
declare const failure: NotAny<Extract<Result, { ok: false }>["error"]>;
if (failure.code === "SOLD_OUT") failure.data satisfies NotAny<SoldOut["data"]>;
// @ts-expect-error Only after narrowing on the code has an error data.
void failure.data;

// The plain tRPC client has it all.
const trpc = createTRPCClient<AppRouter>({ links: [httpLink({ url: "", transformer: superjson })] });
const { id } = await trpc.jobs.book.invoke.mutate({
  payload: { seat: "7A", at: "2026-01-01" },
  options: { delay: "5m" },
});
const result = await trpc.jobs.book.result.query({ id });
if (!("pending" in result)) result satisfies RunResult<Seat, SoldOut>;
const awaited = await trpc.jobs.book.invokeAndWait.mutate({ payload: { seat: "7A", at: 0 }, timeoutMs: 5_000 });
if (!("pending" in awaited)) awaited satisfies RunResult<Seat, SoldOut>;
awaited.id satisfies NotAny<string>;
await trpc.jobs.untyped.invoke.mutate({ payload: new Map() });
await trpc.jobs.maybe.invoke.mutate({ payload: undefined });
await trpc.jobs.book.batchInvoke.mutate({ items: [{ payload: { seat: "7A", at: 0, tier: "b" } }] });
trpc.runs.events.subscribe({ id }, { onData: ({ data }) => void (data.seq satisfies number) });
(await trpc.runs.list.query({ status: "FAILURE" })).runs.map((run) => run.createdAt satisfies Date);
(await trpc.catalog.list.query()).map((entry) => entry.exportNames satisfies readonly string[]);

// @ts-expect-error There is no tier "c".
await trpc.jobs.book.invoke.mutate({ payload: { seat: "7A", at: 0, tier: "c" } });
// @ts-expect-error The payload is missing.
await trpc.jobs.book.invoke.mutate({});
// @ts-expect-error Nor is there a tier "c" here.
await trpc.jobs.book.invokeAndWait.mutate({ payload: { seat: "7A", at: 0, tier: "c" } });
// @ts-expect-error "soon" is no duration.
await trpc.jobs.book.invoke.mutate({ payload: { seat: "7A", at: 0 }, options: { delay: "soon" } });
// @ts-expect-error There is no such job.
await trpc.jobs.none.invoke.mutate({ payload: 1 });
// @ts-expect-error An export that is no job has no payload that anybody could give.
await trpc.jobs.LIMIT.invoke.mutate({ payload: 1 });
// @ts-expect-error There is no such status.
await trpc.runs.list.query({ status: "DONE" });

// So has the caller.
const caller = router.createCaller({});
(await caller.jobs.book.invoke({ payload: { seat: "7A", at: 0 } })).id satisfies string;
// @ts-expect-error A number is no seat.
await caller.jobs.book.invoke({ payload: { seat: 7, at: 0 } });
for await (const event of await caller.runs.events({ id })) event.data.type satisfies string;
