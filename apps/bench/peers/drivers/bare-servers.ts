import { once } from "node:events";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { getRequestListener } from "@hono/node-server";
import { trpcServer } from "@hono/trpc-server";
import { createTRPCClient, httpLink } from "@trpc/client";
import { initTRPC } from "@trpc/server";
import { createHTTPServer } from "@trpc/server/adapters/standalone";
import { Hono } from "hono";
import { z } from "zod";
import type { Driver, DriverContext } from "../../src/speed/driver.ts";

const schema = z.object({ payload: z.object({ n: z.number() }) });
const BODY = '{"payload":{"n":1}}';
const t = initTRPC.create();
const router = t.router({
  invoke: t.procedure.input(schema).mutation(({ input }) => ({ id: `run_${input.payload.n}` })),
});

interface BareServer {
  /** Of the request that invokes. */
  readonly path: string;
  /** Where a tRPC client finds its procedures. */
  readonly procedures?: string;
  readonly create: () => Server;
}

/** Servers that check their input, store nothing, and answer with an id: what HTTP alone costs. */
const SERVERS: Readonly<Record<string, BareServer>> = {
  "trpc-standalone": { path: "/invoke", procedures: "/", create: () => createHTTPServer({ router }) },
  "hono-trpc": { path: "/trpc/invoke", procedures: "/trpc", create: createHonoTRPC },
  "hono-json": { path: "/invoke", create: createHonoJson },
  "node-http": { path: "/invoke", create: createPlain },
};

export async function open({ variant }: DriverContext): Promise<Driver> {
  const found = SERVERS[variant];
  if (found === undefined) throw new Error(`there is no bare server "${variant}"`);
  const server = found.create();
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  return {
    serve: async () => ({ port, path: found.path, body: BODY }),
    ...(found.procedures !== undefined && {
      httpRoundTrip: createRoundTrip(`http://127.0.0.1:${port}${found.procedures}`),
    }),
    close: async () => server.closeAllConnections(),
  };
}

/** The one call of a round trip, by tRPC's own client. */
function createRoundTrip(url: string): NonNullable<Driver["httpRoundTrip"]> {
  const client = createTRPCClient<typeof router>({ links: [httpLink({ url })] });
  return (n) => client.invoke.mutate({ payload: { n } });
}

function createHonoTRPC(): Server {
  const app = new Hono();
  app.use("/trpc/*", trpcServer({ router }));
  return serve(app);
}

function createHonoJson(): Server {
  const app = new Hono();
  app.post("/invoke", async (c) => {
    const { payload } = schema.parse(await c.req.json());
    return c.json({ id: `run_${payload.n}` }, 202);
  });
  return serve(app);
}

function serve(app: Hono): Server {
  const handle = getRequestListener(app.fetch);
  return createServer((request, response) => void handle(request, response));
}

function createPlain(): Server {
  return createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on("data", (chunk: Buffer) => chunks.push(chunk));
    request.on("end", () => {
      const { payload } = schema.parse(JSON.parse(Buffer.concat(chunks).toString()));
      const body = JSON.stringify({ id: `run_${payload.n}` });
      response
        .writeHead(202, { "content-type": "application/json", "content-length": Buffer.byteLength(body) })
        .end(body);
    });
  });
}
