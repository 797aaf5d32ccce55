import type { ServerResponse } from "node:http";
import type { RunEvent } from "@beckon/core";
import { expect, test } from "vitest";
import { remote, typed } from "./greet.ts";
import {
  eventText,
  json,
  type ReceivedRequest,
  result,
  type ScriptedServer,
  startScriptedServer,
  stream,
} from "./scripted-server.ts";

/* A gateway answers in JSON in the place of a server that is away: in whatever JSON it likes. */

const ended = { ok: true, status: "SUCCESS", id: "run_1", output: "Hello" } as const;
const succeeded = eventText(1, { type: "status", status: "SUCCESS" });

/** What the server itself answers. */
function answer({ path }: ReceivedRequest): (response: ServerResponse) => void {
  if (path.endsWith("events")) return stream(`${succeeded}event: return\ndata: \n\n`, "ends");
  if (path.startsWith("/api/")) return json(202, { json: { id: "run_1" } });
  return result(path.endsWith("invoke") ? { id: "run_1" } : ended);
}

async function collect(events: AsyncIterable<RunEvent>): Promise<readonly number[]> {
  const seqs: number[] = [];
  for await (const { seq } of events) seqs.push(seq);
  return seqs;
}

const CALLS: Readonly<Record<string, (server: ScriptedServer) => Promise<unknown>>> = {
  invoke: async (server) => (await typed(server).invoke("Ada")).id,
  "the job's own invoke": async (server) => (await remote(server).invoke("Ada")).id,
  result: async (server) => (await typed(server).run("run_1").result()).status,
  invokeAndWait: async (server) => (await typed(server).invokeAndWait("Ada")).status,
  events: (server) => collect(typed(server).run("run_1").events()),
};

/** What each call comes to when its first answer is this one. */
async function callAll(status: number, body: string): Promise<Readonly<Record<string, unknown>>> {
  const outcomes = Object.entries(CALLS).map(async ([name, call]) => {
    await using server = await startScriptedServer(
      () => (response) => response.writeHead(status, { "content-type": "application/json" }).end(body),
      answer,
    );
    return [name, await call(server).catch((error: Error) => `${error.name}: ${error.message}`)] as const;
  });
  return Object.fromEntries(await Promise.all(outcomes));
}

const BODIES = [
  '{"timestamp":"2026","status":503,"error":"Service Unavailable","path":"/trpc"}',
  '{"error":null}',
  '{"error":{"json":null}}',
  '{"error":{"json":"no"}}',
  '{"error":{"code":503,"status":"UNAVAILABLE"}}',
  '{"result":"no healthy upstream"}',
  '"no healthy upstream"',
  "[]",
  "null",
  "",
  '{"message":"cut in the mid',
];

test.each(BODIES)("a gateway that says of an absent server %j is asked past", async (body) => {
  expect(await callAll(503, body)).toEqual({
    invoke: "run_1",
    "the job's own invoke": "run_1",
    result: "SUCCESS",
    invokeAndWait: "SUCCESS",
    events: [1],
  });
});

test.each(BODIES)("one that lets nobody in and says %j is told as that, at once", async (body) => {
  const refusal = "NotAllowedError: The answer is not that of a Beckon server: check its url.";
  expect(await callAll(401, body)).toEqual(Object.fromEntries(Object.keys(CALLS).map((name) => [name, refusal])));
});
