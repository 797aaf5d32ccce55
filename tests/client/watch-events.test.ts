import { createJobsClient } from "@beckon/client";
import type { Job, Run, RunEvent } from "@beckon/core";
import { NotFoundError } from "@beckon/core/runtime";
import { expect, test } from "vitest";
import {
  errorText,
  eventText,
  hangUp,
  json,
  page,
  refusal,
  result,
  startScriptedServer,
  stream,
} from "./scripted-server.ts";

interface Jobs {
  readonly greet: Job<string, string, string, never>;
}

const runOf = (url: string, options: object = {}): Run<string> =>
  createJobsClient<Jobs>({ url, ...options }).greet.run("run_1");

async function seqsOf(events: AsyncIterable<RunEvent>): Promise<number[]> {
  const seqs: number[] = [];
  for await (const { seq } of events) seqs.push(seq);
  return seqs;
}

const queued = eventText(1, { type: "status", status: "QUEUED" });
const executing = eventText(2, { type: "status", status: "EXECUTING" });
const succeeded = eventText(3, { type: "status", status: "SUCCESS" });
const connected = "event: connected\ndata: {}\n\n\n";
const returned = "event: return\ndata: \n\n\n";

test("events arrive once, in order and as they were, until the run has ended", async () => {
  await using server = await startScriptedServer(() =>
    stream(connected + queued + executing + succeeded + returned, "ends"),
  );
  const events: RunEvent[] = [];
  for await (const event of runOf(server.url).events()) events.push(event);
  expect(events).toEqual([
    { seq: 1, at: new Date(1), type: "status", status: "QUEUED" },
    { seq: 2, at: new Date(2), type: "status", status: "EXECUTING" },
    { seq: 3, at: new Date(3), type: "status", status: "SUCCESS" },
  ]);
  expect(server.requests).toMatchObject([{ path: "/trpc/runs.events", input: { id: "run_1", after: 0 } }]);
});

test("an event comes whatever its text holds", async () => {
  const message = "a\u2028b\u2029c\u0085d\re\nf: g";
  const logged = eventText(1, { type: "log", level: "info", message });
  await using server = await startScriptedServer(() => stream(logged + succeeded + returned, "ends"));
  const events: RunEvent[] = [];
  for await (const event of runOf(server.url).events()) events.push(event);
  expect(events[0]).toMatchObject({ type: "log", message });
});

test("an aborted signal ends the watch at once, also where more events have come", async () => {
  await using server = await startScriptedServer(() => stream(connected + queued + executing + succeeded, "ends"));
  const enough = new AbortController();
  const seqs: number[] = [];
  for await (const { seq } of runOf(server.url).events({ signal: enough.signal })) {
    seqs.push(seq);
    enough.abort();
  }
  expect(seqs).toEqual([1]);
});

test("credentials of a stream go in headers, too", async () => {
  await using server = await startScriptedServer(() => stream(succeeded + returned, "ends"));
  await seqsOf(runOf(server.url, { token: "secret" }).events());
  expect(server.requests[0]?.headers.authorization).toBe("Bearer secret");
  expect(server.requests[0]?.search.toString()).not.toContain("secret");
});

test("B47 after a dropped connection it goes on after the last event, and drops what it has", async () => {
  await using server = await startScriptedServer(
    () => stream(connected + queued, "breaks off"),
    () => hangUp,
    () => page(502),
    () => stream(connected + queued + executing + executing.slice(0, 20), "breaks off"),
    () => stream(connected + executing + succeeded + returned, "ends"),
  );
  expect(await seqsOf(runOf(server.url).events())).toEqual([1, 2, 3]);
  expect(server.requests.map(({ input }) => (input as { after: number }).after)).toEqual([0, 1, 1, 1, 2]);
});

test("a caller says which event it saw last", async () => {
  await using server = await startScriptedServer(() => stream(succeeded + returned, "ends"));
  expect(await seqsOf(runOf(server.url).events({ after: 2 }))).toEqual([3]);
  expect(server.requests[0]?.input).toEqual({ id: "run_1", after: 2 });
});

test("a server that stops in the middle is not taken for the end of the run", async () => {
  await using server = await startScriptedServer(
    () => stream(queued + returned, "ends"),
    () => result({ status: "EXECUTING" }),
    () => stream(executing + succeeded + returned, "ends"),
  );
  expect(await seqsOf(runOf(server.url).events())).toEqual([1, 2, 3]);
  expect(server.requests[1]).toMatchObject({ path: "/trpc/runs.get", input: { id: "run_1" } });
});

test("B47 what a run came to on the server after one that stopped is told to its end", async () => {
  await using server = await startScriptedServer(
    () => stream(queued + returned, "ends"),
    () => result({ status: "SUCCESS" }),
    // That one stops, too.
    () => stream(executing + returned, "ends"),
    () => result({ status: "SUCCESS" }),
    () => stream(succeeded + returned, "ends"),
  );
  expect(await seqsOf(runOf(server.url).events())).toEqual([1, 2, 3]);
  expect(server.requests.map(({ input }) => input)).toEqual([
    { id: "run_1", after: 0 },
    { id: "run_1" },
    { id: "run_1", after: 1 },
    { id: "run_1" },
    { id: "run_1", after: 2 },
  ]);
});

test("B47 a server that says in the middle that it stops is asked again, behind what came", async () => {
  const stopping = errorText(503, { code: "UNAVAILABLE", message: "The server has stopped." });
  await using server = await startScriptedServer(
    () => stream(connected + queued + stopping, "ends"),
    () => stream(executing + succeeded + returned, "ends"),
  );
  expect(await seqsOf(runOf(server.url).events())).toEqual([1, 2, 3]);
  expect(server.requests[1]).toMatchObject({ path: "/trpc/runs.events", input: { id: "run_1", after: 1 } });
});

test("a run that had ended before the watch began gives nothing and ends", async () => {
  await using server = await startScriptedServer(
    () => stream(returned, "ends"),
    () => result({ status: "FAILURE" }),
    () => stream(returned, "ends"),
  );
  expect(await seqsOf(runOf(server.url).events({ after: 3 }))).toEqual([]);
});

test("messages may come in any pieces", async () => {
  const text = `: a comment\r\n\r\n${connected}${queued}${succeeded}${returned}`;
  await using server = await startScriptedServer(() => (response) => {
    response.writeHead(200, { "content-type": "text/event-stream" });
    const writeRest = (at: number): void =>
      void (at < text.length ? response.write(text.slice(at, at + 7), () => writeRest(at + 7)) : response.end());
    writeRest(0);
  });
  expect(await seqsOf(runOf(server.url).events())).toEqual([1, 3]);
});

test("a run that does not exist is an error, before the stream and inside it", async () => {
  const wire = { code: "NOT_FOUND", message: 'There is no run "run_1" here.' };
  await using server = await startScriptedServer(
    () => refusal(404, wire),
    () => stream(connected + errorText(404, wire), "ends"),
  );
  await expect(seqsOf(runOf(server.url).events())).rejects.toThrow(NotFoundError);
  await expect(seqsOf(runOf(server.url).events())).rejects.toThrow('There is no run "run_1" here.');
});

test("a message that makes no sense is an error rather than asked for again", async () => {
  await using server = await startScriptedServer(() => stream("data: <html>\n\n", "ends"));
  await expect(seqsOf(runOf(server.url).events())).rejects.toThrow(SyntaxError);
  expect(server.requests).toHaveLength(1);
});

test("a gateway's JSON for a server that is away is asked past", async () => {
  await using server = await startScriptedServer(
    () => json(502, { message: "upstream connect error" }),
    () => stream(succeeded + returned, "ends"),
  );
  expect(await seqsOf(runOf(server.url).events())).toEqual([3]);
});

test("a draining server is asked again", async () => {
  const draining = refusal(503, { code: "UNAVAILABLE", message: "The server is stopping." }, { "retry-after": "0" });
  await using server = await startScriptedServer(
    () => draining,
    () => stream(succeeded + returned, "ends"),
  );
  expect(await seqsOf(runOf(server.url).events())).toEqual([3]);
});

test("an aborted watch ends quietly, and leaves no connection", async () => {
  const closed = Promise.withResolvers<void>();
  await using server = await startScriptedServer(() => (response) => {
    response.on("close", closed.resolve);
    response.writeHead(200, { "content-type": "text/event-stream" }).write(queued);
  });
  const controller = new AbortController();
  const seqs: number[] = [];
  for await (const { seq } of runOf(server.url).events({ signal: controller.signal })) {
    seqs.push(seq);
    controller.abort();
  }
  expect(seqs).toEqual([1]);
  await closed.promise;
});

test("a caller that stops reading leaves no connection", async () => {
  const closed = Promise.withResolvers<void>();
  await using server = await startScriptedServer(() => (response) => {
    response.on("close", closed.resolve);
    response.writeHead(200, { "content-type": "text/event-stream" }).write(queued + executing);
  });
  let last = 0;
  for await (const { seq } of runOf(server.url).events()) {
    last = seq;
    if (seq === 2) break;
  }
  expect(last).toBe(2);
  await closed.promise;
});
