import * as jobs from "@acme/jobs";
import { createJobRouter } from "@beckon/router";
import { QueryClient } from "@tanstack/react-query";
import { createTRPCClient, httpLink } from "@trpc/client";
import { createTRPCOptionsProxy } from "@trpc/tanstack-react-query";
import superjson from "superjson";

/* The derived router serves @trpc/tanstack-react-query with full inference. */

const router = createJobRouter(jobs);
type AppRouter = typeof router;

const client = createTRPCClient<AppRouter>({ links: [httpLink({ url: "", transformer: superjson })] });
const queryClient = new QueryClient();
const trpc = createTRPCOptionsProxy<AppRouter>({ client, queryClient });

const result = await queryClient.fetchQuery(trpc.jobs.chargeCard.result.queryOptions({ id: "run_1" }));
if (!("pending" in result) && !result.ok && result.error.code === "CARD_DECLINED")
  result.error.data.reason satisfies string;

const { runs } = await queryClient.fetchQuery(trpc.runs.list.queryOptions({ status: ["FAILURE"], limit: 50 }));
runs.map(({ createdAt }) => createdAt satisfies Date);
// @ts-expect-error There is no such filter.
trpc.runs.list.queryOptions({ state: "FAILURE" });

const invoke = trpc.jobs.exampleJob.invoke.mutationOptions({ onSuccess: ({ id }) => void (id satisfies string) });
type Variables = Parameters<NonNullable<typeof invoke.mutationFn>>[0];
({ payload: { userId: "1", tier: "pro" } }) satisfies Variables;
// @ts-expect-error There is no tier "paid".
({ payload: { userId: "1", tier: "paid" } }) satisfies Variables;

trpc.runs.events.subscriptionOptions({ id: "run_1" }, { onData: ({ data }) => void (data.seq satisfies number) });
