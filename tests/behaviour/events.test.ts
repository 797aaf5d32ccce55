import { BeckonClient, invokeTrigger } from "@beckon/core";
import type { RunEvent } from "@beckon/core/runtime";
import { expect, test } from "vitest";
import { createGate } from "./gate.ts";
import { createLedger } from "./ledger.ts";
import { createWorld } from "./scheduling-world.ts";
import { type CountedStore, countStore } from "./watched-store.ts";

const client = new BeckonClient({ id: "tests" });

const busy = client.defineJob({
  id: "busy",
  name: "Busy",
  version: "1.0.0",
  trigger: invokeTrigger(),
  run: async (_payload, io) => {
    const status = await io.createStatus("progress", { label: "Begins" });
    for (let turn = 1; turn <= 3; turn += 1) {
      io.logger.info(`turn ${turn}`, { turn });
      await io.runTask(["work", turn], () => turn);
      await status.update(["turn", turn], { data: turn });
      await io.wait(["pause", turn], "1m");
    }
    return "done";
  },
});

/** An event in a word or two. */
function inShort(event: RunEvent): string {
  switch (event.type) {
    case "status":
      return event.status;
    case "task":
      return `${event.task.name} ${event.task.status}`;
    case "log":
      return `log ${event.message}`;
    case "status-record":
      return `record ${String(event.record.data)}`;
  }
}

function seqsOf(events: readonly RunEvent[]): readonly number[] {
  return events.map(({ seq }) => seq);
}

test("B47 a reader that comes back after every event, from whichever server, is told each once and in order", async () => {
  await using world = await createWorld([busy]);
  let server = await world.start();
  const { id } = await server.use(busy).invoke({});
  const events: RunEvent[] = [];
  let isOver = false;
  while (!isOver) {
    // A connection that drops after one event, over a server that dies in between.
    const after = events.at(-1)?.seq ?? 0;
    const reader = server.use(busy).run(id).events({ after })[Symbol.asyncIterator]();
    const next = reader.next();
    await server.clock.advance(60_000);
    const { value, done } = await next;
    await reader.return?.();
    if (done === true) isOver = true;
    else events.push(value);
    if (events.length % 4 !== 0) continue;
    server.kill();
    server = await world.start();
  }
  expect(seqsOf(events)).toEqual(events.map((_, index) => index + 1));
  expect(events).toEqual(await server.eventsOf(id));
  const told = events.map(inShort);
  for (const turn of [1, 2, 3]) {
    expect(told.filter((text) => text === `log turn ${turn}`)).toHaveLength(1);
    expect(told.filter((text) => text === `record ${turn}`)).toHaveLength(1);
  }
  expect(told[0]).toBe("QUEUED");
  expect(told.at(-1)).toBe("SUCCESS");
  expect(told.filter((text) => text === "SUCCESS")).toHaveLength(1);
});

test("B47 a reader is told live, in order, and its stream ends with the run", async () => {
  await using world = await createWorld([busy]);
  const server = await world.start();
  const run = await server.use(busy).invoke({});
  const events: RunEvent[] = [];
  const reading = (async () => {
    for await (const event of run.events()) events.push(event);
  })();
  await server.until(run.id, "WAITING");
  await server.clock.tick();
  expect(events.map(inShort)).toEqual(
    expect.arrayContaining(["QUEUED", "EXECUTING", "record undefined", "log turn 1", "record 1", "WAITING"]),
  );
  expect(seqsOf(events)).toEqual(events.map((_, index) => index + 1));
  for (let turn = 1; turn <= 3; turn += 1) await server.clock.advance(60_000);
  await reading;
  expect(events).toEqual(await server.eventsOf(run.id));
  const statuses = events.flatMap((event) => (event.type === "status" ? [event.status] : []));
  const turn = ["QUEUED", "EXECUTING", "WAITING"];
  expect(statuses).toEqual([...turn, ...turn, ...turn, "QUEUED", "EXECUTING", "SUCCESS"]);
});

test("B47 many readers at once are each told everything, also of what another process executes", async () => {
  await using world = await createWorld([busy]);
  const executing = await world.start();
  const reading = await world.start({ concurrency: 0 });
  const run = await reading.use(busy).invoke({});
  const read = async (): Promise<readonly number[]> => {
    const events = [];
    for await (const event of run.events()) events.push(event);
    return seqsOf(events);
  };
  const readers = Promise.all(Array.from({ length: 20 }, read));
  for (let turn = 1; turn <= 3; turn += 1) {
    await executing.until(run.id, "WAITING", turn);
    await executing.clock.advance(60_000);
  }
  const all = seqsOf(await executing.eventsOf(run.id));
  for (const seqs of await readers) expect(seqs).toEqual(all);
});

test("B47 an ended run's events are told from where the reader was, and then the stream ends", async () => {
  await using world = await createWorld([busy]);
  const server = await world.start();
  const run = await server.use(busy).invoke({});
  const result = run.result();
  for (let turn = 1; turn <= 3; turn += 1) await server.clock.advance(60_000);
  await result;
  const all = await server.eventsOf(run.id);
  for (const after of [0, 5, all.length - 1, all.length, all.length + 10]) {
    const rest = [];
    for await (const event of run.events({ after })) rest.push(event);
    expect(rest).toEqual(all.slice(after));
  }
});

test("B47 a reader that leaves, by its signal or by its loop, is forgotten and disturbs nobody", async () => {
  const ledger = createLedger();
  const end = createGate();
  const job = client.defineJob({
    id: "held",
    name: "Held",
    version: "1.0.0",
    trigger: invokeTrigger(),
    run: async () => {
      ledger.note("executing");
      await end.passed;
    },
  });
  await using world = await createWorld([job]);
  let counted: CountedStore | undefined;
  const server = await world.start({ around: (store) => (counted = countStore(store)).store });
  const run = await server.use(job).invoke({});
  await ledger.until("executing");
  const controller = new AbortController();
  const seen: RunEvent[] = [];
  const reading = (async () => {
    for await (const event of run.events({ signal: controller.signal })) seen.push(event);
  })();
  for await (const event of run.events()) if (event.type === "status") break;
  await server.clock.tick();
  controller.abort();
  await reading;
  expect(seen.map(inShort)).toEqual(["QUEUED", "EXECUTING"]);
  end.open();
  expect((await run.result()).ok).toBe(true);
  const unknown = server.use(job).run("run_nothing").events();
  await expect(unknown[Symbol.asyncIterator]().next()).rejects.toMatchObject({ code: "NOT_FOUND" });
  // The server itself listens until it stops, for as long as anybody does.
  await server.stop();
  expect(counted?.listeners()).toBe(0);
});

test("B47 a run of ten thousand events is told whole, or as far as its reader wants", async () => {
  const job = client.defineJob({
    id: "chatty",
    name: "Chatty",
    version: "1.0.0",
    trigger: invokeTrigger(),
    run: (_payload, io) => {
      for (let n = 1; n <= 10_000; n += 1) io.logger.info(`message ${n}`);
    },
  });
  await using world = await createWorld([job]);
  const server = await world.start();
  const run = await server.use(job).invoke({});
  const messages: string[] = [];
  for await (const event of run.events()) if (event.type === "log") messages.push(event.message);
  expect(messages).toHaveLength(10_000);
  expect(new Set(messages).size).toBe(10_000);
  const enough = new AbortController();
  let seen = 0;
  for await (const { seq } of run.events({ signal: enough.signal })) {
    seen = seq;
    if (seq === 600) enough.abort();
  }
  expect(seen).toBe(600);
});

test("B47 a task's beginning is told before what happens in it and beside it, and not at all where its end is all there is", async () => {
  const end = createGate();
  const job = client.defineJob({
    id: "nested",
    name: "Nested",
    version: "1.0.0",
    trigger: invokeTrigger(),
    run: async (_payload, io) => {
      await io.runTask("silent", () => 1);
      const speaking = io.runTask("speaking", async (_task, inner) => {
        inner.logger.info("spoken");
        await end.passed;
      });
      await io.runTask("outer", () => io.runTask("inner", () => 2));
      const slow = io.runTask("slow", () => end.passed);
      await io.runTask("quick", () => 3);
      end.open();
      await Promise.all([speaking, slow]);
    },
  });
  await using world = await createWorld([job]);
  const server = await world.start();
  const run = await server.use(job).invoke({});
  await run.result();
  expect((await server.eventsOf(run.id)).map(inShort)).toEqual([
    "QUEUED",
    "EXECUTING",
    "silent SUCCESS",
    "speaking RUNNING",
    "log spoken",
    "outer RUNNING",
    "inner SUCCESS",
    "outer SUCCESS",
    "slow RUNNING",
    "quick SUCCESS",
    "slow SUCCESS",
    "speaking SUCCESS",
    "SUCCESS",
  ]);
});
