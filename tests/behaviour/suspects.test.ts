import { BeckonClient, invokeTrigger } from "@beckon/core";
import type { IO } from "@beckon/core";
import { expect, test } from "vitest";
import { someTurns } from "./failing-pair.ts";
import { createGate, type Gate } from "./gate.ts";
import { createLedger } from "./ledger.ts";
import { createWorld, type Process, type World } from "./scheduling-world.ts";

const client = new BeckonClient({ id: "tests" });

function defineJob(run: (name: string, io: IO) => Promise<unknown>, id = "job") {
  return client.defineJob({
    id,
    name: id,
    version: "1.0.0",
    trigger: invokeTrigger(),
    run: (payload, io) => run(String(payload), io),
  });
}

/** A job whose runs begin, do a task once a gate lets them, and end once another does. */
function defineGated() {
  const ledger = createLedger();
  const gates = new Map<string, Gate>();
  const gate = (name: string): Gate => {
    const found = gates.get(name) ?? createGate();
    gates.set(name, found);
    return found;
  };
  const job = defineJob(async (name, io) => {
    ledger.note(name);
    await io.runTask("work", () => gate(`work ${name}`).passed);
    await gate(`end ${name}`).passed;
  });
  return { job, ledger, gate };
}

/** The runs "a" and "b" have seen two processes die under them; resolves with a third, and their ids. */
async function startSuspects(
  world: World,
  { job, ledger }: ReturnType<typeof defineGated>,
): Promise<{ readonly server: Process; readonly ids: readonly string[] }> {
  let server = await world.start();
  const [b, a] = [await server.use(job).invoke("b"), await server.use(job).invoke("a")];
  for (let death = 1; death <= 2; death += 1) {
    for (const name of ["a", "b"]) await ledger.until(name, death);
    server.kill();
    server = await world.start();
  }
  // The newest goes first.
  await ledger.until("a", 3);
  return { server, ids: [a.id, b.id] };
}

test("B44 of runs under which two processes died in a row one is executed at a time, beside all others", async () => {
  const gated = defineGated();
  const { job, ledger, gate } = gated;
  await using world = await createWorld([job]);
  const { server, ids } = await startSuspects(world, gated);
  await server.use(job).invoke("other");
  await ledger.until("other");
  expect(ledger.count("b")).toBe(2);
  expect(
    await server
      .use(job)
      .run(ids[1] ?? "")
      .explain(),
  ).toMatchObject({
    summary:
      "Its process died under it 2 times in a row: each server executes one such run at a time. It is next in line.",
    reasons: [
      { kind: "suspect", crashes: 2 },
      { kind: "queued", position: 1 },
    ],
  });
  for (const name of ["work a", "end a"]) gate(name).open();
  await ledger.until("b", 3);
  for (const name of ["work b", "end b", "work other", "end other"]) gate(name).open();
  for (const id of ids) expect(await server.use(job).run(id).result()).toMatchObject({ ok: true });
});

test("a suspect that finishes a step lets the next begin beside it", async () => {
  const gated = defineGated();
  const { job, ledger, gate } = gated;
  await using world = await createWorld([job]);
  const { server, ids } = await startSuspects(world, gated);
  expect(ledger.count("b")).toBe(2);
  gate("work a").open();
  await ledger.until("b", 3);
  expect((await server.engine.readRun(ids[0] ?? "")).status).toBe("EXECUTING");
  for (const name of ["work b", "end b", "end a"]) gate(name).open();
  for (const id of ids) expect(await server.use(job).run(id).result()).toMatchObject({ ok: true });
});

test("a suspect that waits inside a task for another one does not wait for its own turn", async () => {
  const ledger = createLedger();
  const child = defineJob(async () => {
    ledger.note("child");
    if (ledger.count("child") <= 2) await createGate().passed;
  }, "child");
  const parent = defineJob(
    (_name, io) => io.runTask("raise", async () => (await child.invokeAndWait("it")).ok),
    "parent",
  );
  await using world = await createWorld([parent, child]);
  let server = await world.start();
  const { id } = await server.use(parent).invoke("it");
  for (let death = 1; death <= 2; death += 1) {
    await ledger.until("child", death);
    server.kill();
    server = await world.start();
  }
  expect(await server.use(parent).run(id).output()).toBe(true);
});

test("B44 a run that waits inside a task for one that takes five processes with it hears of that one's end", async () => {
  const ledger = createLedger();
  const child = defineJob(async () => {
    ledger.note("child");
    await createGate().passed;
  }, "child");
  const parent = defineJob(
    (_name, io) => io.runTask("raise", async () => (await child.invokeAndWait("it")).status),
    "parent",
  );
  await using world = await createWorld([parent, child]);
  let server = await world.start();
  const { id } = await server.use(parent).invoke("it");
  for (let death = 1; death <= 5; death += 1) {
    await ledger.until("child", death);
    server.kill();
    server = await world.start();
  }
  expect(await server.use(parent).run(id).output()).toBe("FAILURE");
});

test("the next suspect begins when one was canceled, and its function has ended", async () => {
  const gated = defineGated();
  const { job, ledger, gate } = gated;
  await using world = await createWorld([job]);
  const { server, ids } = await startSuspects(world, gated);
  await server.engine.cancel(ids[0] ?? "");
  expect(ledger.count("b")).toBe(2);
  gate("work a").open();
  await ledger.until("b", 3);
  for (const name of ["work b", "end b"]) gate(name).open();
  expect(
    await server
      .use(job)
      .run(ids[1] ?? "")
      .result(),
  ).toMatchObject({ ok: true });
});

test("a suspect finds a slot on a server that has no more than one", async () => {
  const gated = defineGated();
  const { job, ledger, gate } = gated;
  await using world = await createWorld([job]);
  const { server } = await startSuspects(world, gated);
  server.kill();
  const narrow = await world.start({ concurrency: 1 });
  // The one with fewer deaths goes first.
  await ledger.until("b", 3);
  const other = await narrow.use(job).invoke("other");
  for (const name of ["work b", "end b"]) gate(name).open();
  await ledger.until("a", 4);
  for (const name of ["work a", "end a", "work other", "end other"]) gate(name).open();
  expect(await other.result()).toMatchObject({ ok: true });
});

test("B44 a run that finishes a task in each life and then kills its process takes no other with it", async () => {
  const ledger = createLedger();
  const LIVES = 8;
  const end = createGate();
  const job = defineJob(async (name, io) => {
    if (name === "bystander") return end.passed;
    for (let n = 1; n <= LIVES; n += 1) {
      const isNew = ledger.count(`task ${n}`) === 0;
      await io.runTask(`task ${n}`, () => ledger.note(`task ${n}`));
      if (isNew) ledger.note("further");
      if (isNew && n < LIVES) await createGate().passed;
    }
  });
  await using world = await createWorld([job]);
  let server = await world.start();
  const bystander = await server.use(job).invoke("bystander");
  const killer = await server.use(job).invoke("killer");
  for (let life = 1; life < LIVES; life += 1) {
    await ledger.until("further", life);
    // The bystander begins now, where it may.
    await someTurns();
    server.kill();
    server = await world.start();
  }
  end.open();
  for (const { id } of [killer, bystander]) expect(await server.use(job).run(id).result()).toMatchObject({ ok: true });
});

test("B44 a run that finishes a task in each life of its process goes on, however many there are", async () => {
  const ledger = createLedger();
  const LIVES = 8;
  const job = defineJob(async (_name, io) => {
    for (let n = 1; n <= LIVES; n += 1) {
      const isNew = ledger.count(`task ${n}`) === 0;
      await io.runTask(`task ${n}`, () => ledger.note(`task ${n}`));
      if (!isNew) continue;
      ledger.note("further");
      if (n < LIVES) await createGate().passed;
    }
    return "done";
  });
  await using world = await createWorld([job]);
  let server = await world.start();
  const { id } = await server.use(job).invoke("it");
  for (let life = 1; life < LIVES; life += 1) {
    await ledger.until("further", life);
    server.kill();
    server = await world.start();
  }
  expect(await server.use(job).run(id).output()).toBe("done");
  expect(ledger.entries).toHaveLength(2 * LIVES);
});
