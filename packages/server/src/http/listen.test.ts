import { once } from "node:events";
import { Agent, get, type IncomingMessage } from "node:http";
import { expect, test } from "vitest";
import { listen } from "./listen.ts";

const AN_HOUR_MS = 3_600_000;

/** What is answered in parts, of which the last is held back. */
function startedAnswer(end: Promise<string>): Response {
  const text = new TextEncoder();
  const body = new ReadableStream({
    start: (controller) => controller.enqueue(text.encode("begun, ")),
    pull: async (controller) => {
      controller.enqueue(text.encode(await end));
      controller.close();
    },
  });
  return new Response(body);
}

test.each([
  ["waits for it", false, async (end: Promise<string>) => new Response(await end)],
  ["has got the beginning of it", true, async (end: Promise<string>) => startedAnswer(end)],
])("closes with the last answer, though who %s keeps the connection", async (_who, isBegun, answer) => {
  const [asked, end] = [Promise.withResolvers<void>(), Promise.withResolvers<string>()];
  const listener = await listen({
    host: "127.0.0.1",
    port: 0,
    fetch: () => {
      asked.resolve();
      return answer(end.promise);
    },
  });
  using agent = Object.assign(new Agent({ keepAlive: true }), { [Symbol.dispose]: () => agent.destroy() });
  const answered = once(get(listener.url, { agent }), "response") as Promise<[IncomingMessage]>;
  await (isBegun ? answered : asked.promise);
  const closed = listener.close(AN_HOUR_MS);
  end.resolve("ended");
  const [response] = await answered;
  expect((await response.setEncoding("utf8").toArray()).join("")).toMatch(/ended$/);
  expect(response.headers.connection).toBe("keep-alive");
  await closed;
});
