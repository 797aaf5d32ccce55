import type { BeckonRoot, CatalogProcedures, RunProcedures } from "@beckon/router";
import { QueryCache, QueryClient } from "@tanstack/react-query";
import { createTRPCClient, type TRPCLink, TRPCClientError } from "@trpc/client";
import type { TRPCBuiltRouter } from "@trpc/server";
import { observable } from "@trpc/server/observable";
import { createTRPCOptionsProxy } from "@trpc/tanstack-react-query";
import { beckon } from "./jobs-client.ts";

/** The part of the server's router that is there whatever its jobs are. */
export type DashboardRouter = TRPCBuiltRouter<BeckonRoot, { runs: RunProcedures; catalog: CatalogProcedures }>;

type Branch = Readonly<Record<string, (input: unknown) => Promise<unknown>>>;

interface Observer {
  readonly next: (value: { result: { type: "data"; data: unknown } }) => void;
  readonly complete: () => void;
  readonly error: (error: TRPCClientError<DashboardRouter>) => void;
}

async function settle(call: Promise<unknown> | undefined, observer: Observer): Promise<void> {
  try {
    observer.next({ result: { type: "data", data: await call } });
    observer.complete();
  } catch (error) {
    observer.error(TRPCClientError.from(error as Error));
  }
}

/** Sends every call through Beckon's own client, with its batches, its retries and its typed errors. */
const overOwnClient: TRPCLink<DashboardRouter> =
  () =>
  ({ op }) =>
    observable((observer) => {
      const [branch = "", method = ""] = op.path.split(".");
      const calls = beckon[branch] as unknown as Branch;
      void settle(calls[method]?.(op.input), observer);
      return undefined;
    });

export const queryClient = new QueryClient({
  queryCache: new QueryCache(),
  defaultOptions: {
    // The server may well be this computer: whether that is "online" says nothing of whether it answers.
    queries: {
      networkMode: "always",
      retry: false,
      staleTime: 1_000,
      refetchOnWindowFocus: true,
      refetchOnReconnect: true,
    },
    mutations: { networkMode: "always" },
  },
});

/** Options for TanStack Query, typed by the router. */
export const api = createTRPCOptionsProxy<DashboardRouter>({
  client: createTRPCClient<DashboardRouter>({ links: [overOwnClient] }),
  queryClient,
});
