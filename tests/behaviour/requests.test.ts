import { BeckonClient, invokeTrigger } from "@beckon/core";
import type { IO } from "@beckon/core";
import { expect, test } from "vitest";
import { createGate } from "./gate.ts";
import { createLedger } from "./ledger.ts";
import { createWorld } from "./scheduling-world.ts";

const client = new BeckonClient({ id: "tests" });

function defineJob<Output>(run: (io: IO) => Promise<Output>) {
  return client.defineJob({
    id: "job",
    name: "Job",
    version: "1.0.0",
    trigger: invokeTrigger(),
    run: (_payload, io) => run(io),
  });
}

function tokenOf(url: string): string {
  return url.slice(url.lastIndexOf("/") + 1);
}

function publicUrl(): string {
  return "https://acme.test";
}

test("waitForRequest hands out one URL, once, and resolves with what is POSTed there, after a restart too", async () => {
  const ledger = createLedger();
  const job = defineJob((io) => io.waitForRequest("answer", (url) => ledger.note(url)));
  await using world = await createWorld([job]);
  const one = await world.start({ publicUrl });
  const { id } = await one.use(job).invoke({});
  await one.until(id, "WAITING");
  one.kill();
  const two = await world.start({ publicUrl });
  await two.clock.tick();
  const [url = ""] = ledger.entries;
  expect(url).toMatch(/^https:\/\/acme\.test\/.+\/[\w-]{20,}$/);
  const body = { ok: true, at: new Date(7) };
  await two.engine.completeRequest({ token: tokenOf(url), body });
  expect(await two.use(job).run(id).output()).toEqual(body);
  expect(ledger.entries).toHaveLength(1);
});

test("what send gives is nobody's, and need be nothing that can be kept", async () => {
  const ledger = createLedger();
  const job = defineJob((io) =>
    io.waitForRequest("answer", async (url) => {
      ledger.note(tokenOf(url));
      return new Response("sent");
    }),
  );
  await using world = await createWorld([job]);
  const server = await world.start();
  const run = await server.use(job).invoke({});
  await server.until(run.id, "WAITING");
  await server.engine.completeRequest({ token: ledger.entries[0] ?? "", body: "yes" });
  expect(await run.output()).toBe("yes");
});

test("a URL works once; a second request, and one to a URL that never was, is refused with a sentence", async () => {
  const ledger = createLedger();
  const job = defineJob(async (io) => {
    const body = await io.waitForRequest("answer", (url) => ledger.note(tokenOf(url)));
    await io.wait("pause", "1m");
    return body;
  });
  await using world = await createWorld([job]);
  const server = await world.start();
  const run = await server.use(job).invoke({});
  await server.until(run.id, "WAITING");
  const token = ledger.entries[0] ?? "";
  await server.engine.completeRequest({ token, body: "first" });
  for (const used of [token, "never"])
    await expect(server.engine.completeRequest({ token: used, body: "second" })).rejects.toMatchObject({
      code: "NOT_FOUND",
      message: expect.stringContaining("Nobody waits"),
    });
  const output = run.output();
  await server.clock.advance(60_000);
  expect(await output).toBe("first");
});

test("a request that comes while the URL is still being handed out is not lost", async () => {
  const ledger = createLedger();
  const sent = createGate();
  const job = defineJob((io) =>
    io.waitForRequest("answer", async (url) => {
      ledger.note(tokenOf(url));
      ledger.note("sending");
      await sent.passed;
    }),
  );
  await using world = await createWorld([job]);
  const server = await world.start();
  const run = await server.use(job).invoke({});
  await ledger.until("sending");
  await server.engine.completeRequest({ token: ledger.entries[0] ?? "", body: "quick" });
  sent.open();
  expect(await run.output()).toBe("quick");
});

test("a wait for a request that times out rejects with WaitTimeoutError, and its URL is dead", async () => {
  const ledger = createLedger();
  const job = defineJob((io) =>
    io
      .waitForRequest("answer", (url) => ledger.note(tokenOf(url)), { timeout: "1h" })
      .catch((error: unknown) => (error as Error).name),
  );
  await using world = await createWorld([job]);
  const server = await world.start();
  const run = await server.use(job).invoke({});
  await server.until(run.id, "WAITING");
  const output = run.output();
  await server.clock.advance(3_600_000);
  expect(await output).toBe("WaitTimeoutError");
  const token = ledger.entries[0] ?? "";
  await expect(server.engine.completeRequest({ token, body: 1 })).rejects.toMatchObject({ code: "NOT_FOUND" });
});

test("a URL that cannot be handed out fails the wait with that error, as on every replay, and is dead", async () => {
  const ledger = createLedger();
  const job = defineJob(async (io) => {
    const seen = await io
      .waitForRequest("answer", (url) => {
        ledger.note(tokenOf(url));
        throw new Error("the mail server is down");
      })
      .catch((error: unknown) => (error as Error).message);
    ledger.note(`caught: ${String(seen)}`);
    await io.wait("pause", "1m");
    return seen;
  });
  await using world = await createWorld([job]);
  const server = await world.start();
  const run = await server.use(job).invoke({});
  await server.until(run.id, "WAITING");
  const token = ledger.entries[0] ?? "";
  await expect(server.engine.completeRequest({ token, body: 1 })).rejects.toMatchObject({ code: "NOT_FOUND" });
  const output = run.output();
  await server.clock.advance(60_000);
  expect(await output).toBe("the mail server is down");
  const caught = "caught: the mail server is down";
  expect(ledger.entries).toEqual([token, caught, caught]);
});

test("B43 a server that drains while a URL is to be handed out leaves that to its successor", async () => {
  const ledger = createLedger();
  const first = createGate();
  const job = defineJob(async (io) => {
    await io.runTask("first", () => {
      ledger.note("first");
      return first.passed;
    });
    return io.waitForRequest("answer", (url) => ledger.note(tokenOf(url)));
  });
  await using world = await createWorld([job]);
  const one = await world.start();
  const { id } = await one.use(job).invoke({});
  await ledger.until("first");
  const stopped = one.stop();
  first.open();
  await stopped;
  expect(ledger.entries).toEqual(["first"]);
  const two = await world.start();
  await two.until(id, "WAITING");
  await two.engine.completeRequest({ token: ledger.entries[1] ?? "", body: "done" });
  expect(await two.use(job).run(id).output()).toBe("done");
});

test("a new attempt after a timeout hands out a URL of its own, on which it waits", async () => {
  const ledger = createLedger();
  const job = client.defineJob({
    id: "job",
    name: "Job",
    version: "1.0.0",
    trigger: invokeTrigger(),
    retry: { limit: 2, minTimeoutInMs: 1_000, randomize: false },
    run: (_payload, io) =>
      io.waitForRequest(
        "answer",
        (url) => {
          ledger.note(tokenOf(url));
          ledger.note("handed out");
        },
        { timeout: "1h" },
      ),
  });
  await using world = await createWorld([job]);
  const server = await world.start();
  const run = await server.use(job).invoke({});
  await server.until(run.id, "WAITING");
  await server.clock.advance(3_600_000);
  await server.until(run.id, "DELAYED");
  await server.clock.advance(1_000);
  await ledger.until("handed out", 2);
  const [first = "", , second = ""] = ledger.entries;
  await expect(server.engine.completeRequest({ token: first, body: "late" })).rejects.toMatchObject({
    code: "NOT_FOUND",
  });
  await server.engine.completeRequest({ token: second, body: "in time" });
  expect(await run.output()).toBe("in time");
});
