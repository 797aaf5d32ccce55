import { Agent, type IncomingMessage, request } from "node:http";
import { text } from "node:stream/consumers";
import { expect, test } from "vitest";
import { z } from "zod";
import { startTestServer } from "../testing/index.ts";
import { defineTestJobs } from "../testing/test-jobs.ts";

const jobs = defineTestJobs(z);

const MEGABYTE = 1024 * 1024;

/** One request after the other over one connection, as a proxy keeps it for requests of several clients. */
function connect(): Disposable & { readonly send: (url: string, body?: string) => Promise<IncomingMessage> } {
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  return {
    send: async (url, body) => {
      const headers = { "content-type": "application/json", "transfer-encoding": "chunked" };
      const sent = request(url, { agent, method: body === undefined ? "GET" : "POST", ...(body && { headers }) });
      const answered = new Promise<IncomingMessage>((resolve, reject) =>
        sent.on("response", resolve).on("error", reject),
      );
      sent.end(body);
      const response = await answered;
      await text(response);
      return response;
    },
    [Symbol.dispose]: () => agent.destroy(),
  };
}

test.each([5, 20])(
  "a body of %i MB whose length is not announced is refused, and no next request with it",
  async (size) => {
    await using server = await startTestServer({ jobs, dashboard: false });
    using proxy = connect();
    for (const path of ["/api/v1/jobs/echo/invoke", "/trpc/jobs.echo.invoke"]) {
      const { statusCode, headers } = await proxy.send(`${server.url}${path}`, "x".repeat(size * MEGABYTE));
      expect([statusCode, headers.connection]).toEqual([413, "close"]);
      expect((await proxy.send(`${server.url}/healthz`)).statusCode).toBe(200);
    }
    const small = await proxy.send(`${server.url}/api/v1/jobs/echo/invoke`, '{"payload":1}');
    expect([small.statusCode, small.headers.connection]).toEqual([202, "keep-alive"]);
  },
);
