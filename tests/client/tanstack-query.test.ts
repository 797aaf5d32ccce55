import { BeckonClient, invokeTrigger } from "@beckon/core";
import type { JobRouter } from "@beckon/router";
import { startTestServer } from "@beckon/server/testing";
import { MutationObserver, QueryClient } from "@tanstack/react-query";
import { createTRPCClient, httpBatchLink } from "@trpc/client";
import { createTRPCOptionsProxy } from "@trpc/tanstack-react-query";
import superjson from "superjson";
import { expect, expectTypeOf, test } from "vitest";
import { z } from "zod";

/* The derived router is a tRPC router like any other: tRPC's own client and its TanStack integration infer all of it. */

const client = new BeckonClient({ id: "tests" });
const book = client.defineJob({
  id: "book",
  name: "Book",
  version: "1.0.0",
  trigger: invokeTrigger({ schema: z.object({ seat: z.string(), at: z.coerce.date() }) }),
  errors: { SOLD_OUT: z.object({ left: z.number() }) },
  run: async ({ seat, at }) => ({ seat, at }),
});
const jobs = { book };

test("tRPC's TanStack integration invokes a job and reads its typed result", async () => {
  await using server = await startTestServer({ jobs });
  const queries = new QueryClient();
  const trpc = createTRPCOptionsProxy<JobRouter<typeof jobs>>({
    client: createTRPCClient<JobRouter<typeof jobs>>({
      links: [httpBatchLink({ url: `${server.url}/trpc`, transformer: superjson })],
    }),
    queryClient: queries,
  });

  const { id } = await new MutationObserver(queries, trpc.jobs.book.invoke.mutationOptions()).mutate({
    payload: { seat: "7A", at: "2026-01-01" },
  });
  expectTypeOf(id).toBeString();

  const result = await queries.fetchQuery(trpc.jobs.book.result.queryOptions({ id }));
  expectTypeOf(result).not.toBeAny();
  if ("pending" in result || !result.ok) throw new Error("The run ends at once.");
  expectTypeOf(result.output).toEqualTypeOf<{ seat: string; at: Date }>();
  expect(result.output).toEqual({ seat: "7A", at: new Date("2026-01-01") });

  const page = await queries.fetchQuery(trpc.runs.list.queryOptions({ job: "book" }));
  expectTypeOf(page.runs[0]?.createdAt).toEqualTypeOf<Date | undefined>();
  expect(page.runs.map((run) => run.id)).toEqual([id]);
});

test("what does not fit is a compile error there, too", () => {
  type Trpc = ReturnType<typeof createTRPCOptionsProxy<JobRouter<typeof jobs>>>;
  type Invoke = Trpc["jobs"]["book"]["invoke"]["~types"]["input"];
  expectTypeOf<Invoke["payload"]>().toEqualTypeOf<{ seat: string; at: unknown }>();
  // @ts-expect-error There is no such job.
  expectTypeOf<Trpc["jobs"]["cancel"]>().toBeNever();
});
