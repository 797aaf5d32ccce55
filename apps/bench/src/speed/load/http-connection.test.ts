import { once } from "node:events";
import { createServer, type RequestListener } from "node:http";
import type { AddressInfo, Socket } from "node:net";
import { expect, onTestFinished, test } from "vitest";
import { HttpConnection } from "./http-connection.ts";

/** A connection to a server of Node's, and the server's end of it. */
async function connectTo(answer: RequestListener): Promise<{ connection: HttpConnection; serverEnd: Socket }> {
  const server = createServer(answer).listen(0, "127.0.0.1");
  await once(server, "listening");
  onTestFinished(async () => {
    server.close();
    server.closeAllConnections();
    await once(server, "close");
  });
  const accepted = once(server, "connection") as Promise<[Socket]>;
  const connection = await HttpConnection.open((server.address() as AddressInfo).port);
  onTestFinished(() => connection.close());
  const [serverEnd] = await accepted;
  return { connection, serverEnd };
}

const post = (path: string): string =>
  `POST ${path} HTTP/1.1\r\nhost: 127.0.0.1\r\ncontent-type: application/json\r\ncontent-length: 2\r\n\r\n{}`;

test("one exchange follows the other over the same connection", async () => {
  const ports = new Set<number | undefined>();
  const paths: (string | undefined)[] = [];
  const { connection } = await connectTo((request, response) => {
    ports.add(request.socket.remotePort);
    paths.push(request.url);
    response.end("done");
  });
  for (const path of ["/1", "/2", "/3"]) await connection.exchange(post(path));
  expect(paths).toEqual(["/1", "/2", "/3"]);
  expect(ports.size).toBe(1);
});

test("an answer other than a 2xx rejects with what it says, and the next exchange has its own", async () => {
  const { connection } = await connectTo((request, response) => {
    response.writeHead(request.url === "/missing" ? 404 : 200).end("said");
  });
  await expect(connection.exchange(post("/missing"))).rejects.toThrow(/answered with HTTP\/1.1 404 .*said/s);
  await connection.exchange(post("/there"));
});

/** More than a socket hands over at once. */
const LONG = "x".repeat(2 ** 20);

test.each([
  ["with its length", { "content-length": 2 * LONG.length }],
  ["in chunks", {}],
])("an answer that comes in pieces, %s, is read whole", async (_, headers) => {
  const { connection } = await connectTo((request, response) => {
    if (request.url === "/short") return void response.writeHead(204, { "content-length": 0 }).end();
    response.writeHead(200, headers).write(LONG, () => response.end(LONG));
  });
  await expect(connection.exchange(post("/long"))).resolves.toBeUndefined();
  // A rest of the long answer would be taken for this one's.
  await expect(connection.exchange(post("/short"))).resolves.toBeUndefined();
});

test("what the server closed between two exchanges makes the next one reject, and the one after it", async () => {
  const { connection, serverEnd } = await connectTo((_, response) => void response.end("done"));
  await connection.exchange(post("/"));
  serverEnd.end();
  // The server's end is closed when ours has seen the end and answered it.
  await once(serverEnd, "close");
  await expect(connection.exchange(post("/"))).rejects.toThrow("the server closed the connection");
  await expect(connection.exchange(post("/"))).rejects.toThrow("the server closed the connection");
});

test("what the server closes instead of an answer makes the exchange reject", async () => {
  const { connection } = await connectTo((request) => void request.socket.end());
  await expect(connection.exchange(post("/"))).rejects.toThrow("the server closed the connection");
});

test("a connection that breaks makes the exchange reject with the cause", async () => {
  const { connection } = await connectTo((request) => void request.socket.resetAndDestroy());
  await expect(connection.exchange(post("/"))).rejects.toThrow("the connection broke: read ECONNRESET");
});

test("closed by who opened it, a connection says so", async () => {
  const { connection } = await connectTo((_, response) => void response.end());
  connection.close();
  await expect(connection.exchange(post("/"))).rejects.toThrow("closed by who opened it");
});
