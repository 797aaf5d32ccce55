import type { LoadRequest } from "../workloads/requests.ts";
import { HTTP_WARM_UP_MS } from "../workloads/warm-up.ts";
import { HttpConnection } from "./http-connection.ts";

const MEASURED_MS = 3_000;

/** Sends one request after the other over each of its connections, and counts the answers. */
const request = JSON.parse(process.argv[2] ?? "null") as LoadRequest;
const text =
  `POST ${request.path} HTTP/1.1\r\nhost: 127.0.0.1:${request.port}\r\ncontent-type: application/json\r\n` +
  `content-length: ${Buffer.byteLength(request.body)}\r\n\r\n${request.body}`;

async function sendFor(durationMs: number, connections: readonly HttpConnection[]): Promise<number> {
  const startedAt = performance.now();
  let answers = 0;
  const keepSending = async (connection: HttpConnection): Promise<void> => {
    while (performance.now() - startedAt < durationMs) {
      await connection.exchange(text);
      answers += 1;
    }
  };
  await Promise.all(connections.map(keepSending));
  return (answers * 1_000) / (performance.now() - startedAt);
}

const connections = await Promise.all(
  Array.from({ length: request.connections }, () => HttpConnection.open(request.port)),
);
await sendFor(HTTP_WARM_UP_MS, connections);
const perSecond = await sendFor(MEASURED_MS, connections);
for (const connection of connections) connection.close();
process.send?.({ "requests/s": perSecond }, () => process.disconnect());
