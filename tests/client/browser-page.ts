import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import type { createJobsClient } from "@beckon/client";
import { BeckonClient, invokeTrigger, type RunEvent } from "@beckon/core";
import { bundle } from "./bundle.ts";

const client = new BeckonClient({ id: "tests" });
const sleep = client.defineJob({
  id: "sleep",
  name: "Sleeps until it is woken",
  version: "1.0.0",
  trigger: invokeTrigger(),
  run: async (n: unknown, io) => {
    io.logger.info(`${String(n)} falls asleep`);
    await io.waitForSignal("wake", "wake-up", { id: String(n) });
    return n;
  },
});
export const jobs = { sleep };

export type Client = ReturnType<typeof createJobsClient<typeof jobs>>;
export type Handle = (request: IncomingMessage, response: ServerResponse) => unknown;

/** A server whose requests are counted, and which can be another one from one moment to the next. */
export async function startFront(handle: Handle) {
  const open = new Set<ServerResponse>();
  const asked: string[] = [];
  const state = { handle };
  const server = createServer((request, response) => {
    open.add(response);
    asked.push(request.url ?? "");
    response.on("close", () => open.delete(response));
    void state.handle(request, response);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    open: () => open.size,
    /** How many requests there were whose address has this part. */
    count: (part: string) => asked.filter((url) => url.includes(part)).length,
    serve: (next: Handle) => {
      state.handle = next;
      server.closeAllConnections();
    },
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

/** The client as a page's bundler packs it. */
export async function loadPage(url: string): Promise<{ readonly beckon: Client } & AsyncDisposable> {
  const folder = await mkdtemp(join(tmpdir(), "beckon-page-"));
  const { code } = await bundle('export { createJobsClient } from "@beckon/client";');
  const file = join(folder, "page.js");
  await writeFile(file, code);
  const page = (await import(pathToFileURL(file).href)) as { readonly createJobsClient: typeof createJobsClient };
  return {
    beckon: page.createJobsClient<typeof jobs>({ url }),
    [Symbol.asyncDispose]: () => rm(folder, { recursive: true }),
  };
}

export async function collect(events: AsyncIterable<RunEvent>, seen: RunEvent[]): Promise<readonly RunEvent[]> {
  for await (const event of events) seen.push(event);
  return seen;
}
