import { createServer, type RequestListener } from "node:http";
import type { AddressInfo } from "node:net";
import { describe, expect, test } from "vitest";
import { exchange as byFetch } from "./exchange-by-fetch.ts";
import { createExchange, exchange as byHttp, fetchResponse as streamByHttp } from "./node/exchange-by-http.ts";

/** A server for one test. */
async function serve(
  answer: (...call: Parameters<RequestListener>) => unknown,
): Promise<{ readonly url: string } & AsyncDisposable> {
  const server = createServer((request, response) => void answer(request, response));
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const close = async (): Promise<void> => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  };
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, [Symbol.asyncDispose]: close };
}

async function bodyOf(request: AsyncIterable<unknown>): Promise<string> {
  const chunks: unknown[] = [];
  for await (const chunk of request) chunks.push(chunk);
  return Buffer.concat(chunks as Buffer[]).toString();
}

/** Why it failed, down to the first cause. */
async function whyOf(exchanging: Promise<unknown>): Promise<string> {
  const error: unknown = await exchanging.then(
    () => new Error("it did not fail"),
    (thrown: unknown) => thrown,
  );
  const { name, message, cause } = error as Error;
  return cause instanceof Error ? `${name}: ${cause.message}` : `${name}: ${message}`;
}

describe.for([
  ["fetch", byFetch],
  ["node:http", byHttp],
] as const)("by %s", ([, exchange]) => {
  test("a request is sent as it is, and its answer read whole, whatever its status", async () => {
    const seen: unknown[] = [];
    await using server = await serve(async (request, response) => {
      const { method, url, headers } = request;
      seen.push({
        method,
        url,
        type: headers["content-type"],
        length: headers["content-length"],
        body: await bodyOf(request),
      });
      response.writeHead(409, { "content-type": "application/json", "retry-after": "3" });
      const bytes = Buffer.from('"größer 🦊"');
      // In the middle of a character.
      response.write(bytes.subarray(0, 4));
      setImmediate(() => response.end(bytes.subarray(4)));
    });
    const request = { method: "POST", headers: { "content-type": "application/json" }, body: '{"n":"é"}' };
    const { status, headers, text } = await exchange(`${server.url}/a?b=c`, request);
    expect({ status, text }).toEqual({ status: 409, text: '"größer 🦊"' });
    expect([headers.get("retry-after"), headers.get("x-none")]).toEqual(["3", null]);
    expect(seen).toEqual([
      { method: "POST", url: "/a?b=c", type: "application/json", length: "10", body: '{"n":"é"}' },
    ]);
  });

  test("connections are kept", async () => {
    const ports = new Set<number | undefined>();
    await using server = await serve((request, response) => {
      ports.add(request.socket.remotePort);
      response.end("{}");
    });
    for (let n = 0; n < 5; n += 1) await exchange(server.url, { headers: {} });
    expect(ports.size).toBeLessThan(5);
  });

  test("a redirect is followed", async () => {
    await using server = await serve(async (request, response) => {
      if (request.url === "/old") response.writeHead(307, { location: "/new" }).end("moved");
      else response.end(`${request.method} ${request.url} ${await bodyOf(request)}`);
    });
    const { text } = await exchange(`${server.url}/old`, { method: "POST", headers: {}, body: "payload" });
    expect(text).toBe("POST /new payload");
  });

  test("an abort ends it, before the answer and within it", async () => {
    let arrived: (() => void) | undefined;
    await using server = await serve((request, response) => {
      if (request.url === "/begun") response.write("{", () => setImmediate(() => arrived?.()));
      else arrived?.();
    });
    for (const path of ["/", "/begun"]) {
      const abort = new AbortController();
      const waiting = new Promise<void>((resolve) => void (arrived = resolve));
      const why = whyOf(exchange(`${server.url}${path}`, { headers: {}, signal: abort.signal }));
      await waiting;
      abort.abort();
      expect(await why).toMatch(/abort/i);
    }
    expect(await whyOf(exchange(server.url, { headers: {}, signal: AbortSignal.abort() }))).toMatch(/^AbortError: /);
  });

  test("an answer that breaks off is none", async () => {
    await using server = await serve((_request, response) => {
      response.writeHead(200, { "content-length": "100" });
      response.write("{", () => response.destroy());
    });
    expect(await whyOf(exchange(server.url, { headers: {} }))).toMatch(/^\w*Error: (aborted|other side closed)$/);
  });

  test("a server that is not there is none either, and the reason names its address", async () => {
    const server = await serve(() => undefined);
    await server[Symbol.asyncDispose]();
    expect(await whyOf(exchange(server.url, { headers: {} }))).toContain(`ECONNREFUSED ${new URL(server.url).host}`);
    expect(await whyOf(exchange("localhost", { headers: {} }))).toMatch(
      /^TypeError: .*Invalid URL|^InvalidOptionError: /,
    );
  });

  test("https is spoken where the url says so", async () => {
    await using server = await serve((_request, response) => response.end("{}"));
    const why = await whyOf(exchange(server.url.replace("http:", "https:"), { headers: {} }));
    expect(why).toMatch(/SSL|packet length/);
  });
});

const NEXT_URL = /the key of a call does not follow: give the client http:\S+\/under as its url\.$/;

test.each([
  { method: "GET", status: 301, where: "another origin", why: NEXT_URL },
  { method: "POST", status: 308, where: "another origin", why: NEXT_URL },
  {
    method: "POST",
    status: 301,
    where: "/under/trpc/x",
    why: /the body of .*: give the client \S+\/under as its url\.$/,
  },
  { method: "POST", status: 302, where: "/trpc/x/", why: /the body of .*: let it answer there, or redirect by 308\.$/ },
  { method: "POST", status: 303, where: "/login", why: /the body of .*: let it answer there, or redirect by 308\.$/ },
])("in Node a $method that is redirected by $status to $where is refused", async ({ method, status, where, why }) => {
  const asked: unknown[] = [];
  await using other = await serve((request) => asked.push(request.url));
  const location = where.startsWith("/") ? where : `${other.url}/under/trpc/x?input=secret`;
  await using server = await serve((request, response) => {
    asked.push(request.url);
    response.writeHead(status, { location }).end();
  });
  const [url, headers] = [`${server.url}/trpc/x?input=secret`, {}];
  const reasons = [
    await whyOf(byHttp(url, { method, headers, body: method === "POST" ? "{}" : undefined })),
    await whyOf(streamByHttp(url, { method, headers })),
  ];
  for (const reason of reasons) {
    expect(reason).toMatch(why);
    expect(reason).toContain(`RequestError: The server at ${server.url} redirects to `);
    expect(reason).not.toContain("secret");
  }
  expect(asked).toEqual(["/trpc/x?input=secret", "/trpc/x?input=secret"]);
});

test("a stream in Node is followed on where it is redirected within its origin", async () => {
  await using server = await serve((request, response) => {
    if (request.url === "/old") response.writeHead(302, { location: "/new" }).end("moved");
    else response.end(`${request.url} ${request.headers.authorization}`);
  });
  const response = await streamByHttp(`${server.url}/old`, { headers: { authorization: "Bearer key" } });
  expect(await response.text()).toBe("/new Bearer key");
});

test("a server that is silent for too long has not answered, before its answer and within it", async () => {
  const exchange = createExchange({ connectMs: 1_000, silenceMs: 20 });
  await using server = await serve((request, response) => {
    if (request.url === "/begun") response.write("{");
  });
  expect(await whyOf(exchange(server.url, { headers: {} }))).toBe("Error: it did not answer in time");
  expect(await whyOf(exchange(`${server.url}/begun`, { headers: {} }))).toMatch(
    /Error: (aborted|it did not answer in time)/,
  );
});

test("a scheme is one in whatever letters", async () => {
  await using server = await serve((_request, response) => response.end("{}"));
  expect(await byHttp(server.url.replace("http", "HTTP"), { headers: {} })).toMatchObject({ status: 200, text: "{}" });
});
