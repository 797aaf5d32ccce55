import { BeckonClient, IdempotencyConflictError, invokeTrigger } from "@beckon/core";
import { InvalidOptionError } from "@beckon/core/runtime";
import { expect, test } from "vitest";
import { z } from "zod";
import { createLedger, type Ledger } from "./ledger.ts";
import { startWorld, type World } from "./world.ts";

const client = new BeckonClient({ id: "tests" });

function defineMail(ledger: Ledger = createLedger(), id = "mail") {
  return client.defineJob({
    id,
    name: "Mail",
    version: "1.0.0",
    trigger: invokeTrigger({
      schema: z.object({
        to: z.string(),
        mode: z.enum(["ok", "fail", "wait"]).optional(),
        note: z.string().optional(),
      }),
    }),
    run: async ({ to, mode }, io) => {
      await io.runTask("send", () => ledger.note(`sent to ${to}`));
      if (mode === "fail") throw new Error("The address is wrong.");
      if (mode === "wait") await io.wait("pause", "60d");
      return `Sent to ${to}.`;
    },
  });
}

async function countRuns(world: World): Promise<number> {
  return (await world.engine.listRuns({ limit: 100 })).runs.length;
}

test("B18 the same key and payload give one run, one id, executed once", async () => {
  const ledger = createLedger();
  const mail = defineMail(ledger);
  await using world = await startWorld([mail]);
  const first = await mail.invoke({ to: "ada" }, { idempotencyKey: "welcome" });
  const second = await mail.invoke({ to: "ada" }, { idempotencyKey: "welcome" });
  expect(second.id).toBe(first.id);
  expect(await second.output()).toBe("Sent to ada.");
  expect(await countRuns(world)).toBe(1);
  expect(ledger.count("sent to ada")).toBe(1);
  expect((await first.result()).executionCount).toBe(1);
});

test("B18 fifty concurrent calls with one key give one run and fifty equal ids", async () => {
  const ledger = createLedger();
  const mail = defineMail(ledger);
  await using world = await startWorld([mail]);
  const runs = await Promise.all(
    Array.from({ length: 50 }, () => mail.invoke({ to: "ada" }, { idempotencyKey: "welcome" })),
  );
  expect(new Set(runs.map((run) => run.id)).size).toBe(1);
  await Promise.all(runs.map((run) => run.output()));
  expect(await countRuns(world)).toBe(1);
  expect(ledger.count("sent to ada")).toBe(1);
});

test("B18 the payload is the same whatever the order of its properties, with or without undefined ones", async () => {
  const mail = defineMail();
  await using world = await startWorld([mail]);
  const first = await mail.invoke({ to: "ada", note: "hello", mode: undefined }, { idempotencyKey: "k" });
  const second = await mail.invoke({ note: "hello", to: "ada" }, { idempotencyKey: "k", priority: 5, tags: ["again"] });
  expect(second.id).toBe(first.id);
  expect(await world.engine.readRun(first.id)).toMatchObject({ priority: 0, tags: [] });
});

test("B18 a list as key is one key, apart from the texts that resemble it", async () => {
  const mail = defineMail();
  await using world = await startWorld([mail]);
  const invoke = async (idempotencyKey: string | string[]) => (await mail.invoke({ to: "ada" }, { idempotencyKey })).id;
  const list = await invoke(["a", "b"]);
  expect(await invoke(["a", "b"])).toBe(list);
  const others = [];
  for (const key of [["b", "a"], ["a,b"], "a,b", '["a","b"]', '\t["a","b"]', '\t\t["a","b"]'])
    others.push(await invoke(key));
  expect(new Set([list, ...others]).size).toBe(7);
  expect(await countRuns(world)).toBe(7);
});

test("B18 a key is shown as its owner wrote it, a list as JSON, and searched for by that", async () => {
  const mail = defineMail();
  await using world = await startWorld([mail], { concurrency: 0 });
  const invoke = async (idempotencyKey: string | string[]) => (await mail.invoke({ to: "ada" }, { idempotencyKey })).id;
  const find = async (search: string, cursor?: string) => {
    const page = await world.engine.listRuns({ search, limit: 1, cursor });
    return [page.runs.map(({ id, idempotencyKey }) => [id, idempotencyKey]), page.nextCursor];
  };
  const plain = await invoke("signup");
  const list = await invoke(["signup", "ada"]);
  const resembling = await invoke('["signup","ada"]');
  const indented = await invoke("\tsignup");
  expect(await find("signup")).toEqual([[[plain, "signup"]], null]);
  expect(await find("\tsignup")).toEqual([[[indented, "\tsignup"]], null]);
  const written = '["signup","ada"]';
  expect(await find(written)).toEqual([[[resembling, written]], resembling]);
  expect(await find(written, resembling)).toEqual([[[list, written]], null]);
  expect(await find('["signup", "ada"]')).toEqual([[[list, written]], null]);
  for (const search of ['["signup"]', '["signup"', "[1]"]) expect(await find(search)).toEqual([[], null]);
});

test("B19 the same key with another payload is refused, and the stored run untouched", async () => {
  const ledger = createLedger();
  const mail = defineMail(ledger);
  await using world = await startWorld([mail]);
  const first = await mail.invoke({ to: "ada", mode: "wait" }, { idempotencyKey: "welcome", tags: ["first"] });
  await ledger.until("sent to ada");
  await world.clock.tick();
  const before = await world.engine.readRun(first.id);
  const refusal = await mail.invoke({ to: "bob" }, { idempotencyKey: "welcome" }).catch((error: unknown) => error);
  expect(refusal).toBeInstanceOf(IdempotencyConflictError);
  expect(refusal).toMatchObject({ code: "IDEMPOTENCY_CONFLICT", jobId: "mail", runId: first.id, index: undefined });
  expect(String(refusal)).toMatch(`The idempotency key is taken by run ${first.id} of job "mail"`);
  expect(await world.engine.readRun(first.id)).toEqual(before);
  expect(await countRuns(world)).toBe(1);
  expect(ledger.count("sent to bob")).toBe(0);
});

test("B19 a conflict within one batch names the item and makes no run", async () => {
  const mail = defineMail();
  await using world = await startWorld([mail]);
  const batch = mail.batchInvoke([
    { payload: { to: "ada" } },
    { payload: { to: "ada" }, options: { idempotencyKey: "k" } },
    { payload: { to: "bob" }, options: { idempotencyKey: "k" } },
  ]);
  await expect(batch).rejects.toMatchObject({ code: "IDEMPOTENCY_CONFLICT", index: 2, runId: undefined });
  await expect(batch).rejects.toThrow("Batch item 2: An item before it in the batch has the same idempotency key");
  expect(await countRuns(world)).toBe(0);
});

test("B20 the same key on two jobs gives two runs", async () => {
  const mail = defineMail();
  const letter = defineMail(createLedger(), "letter");
  await using world = await startWorld([mail, letter]);
  const first = await mail.invoke({ to: "ada" }, { idempotencyKey: "welcome" });
  const second = await letter.invoke({ to: "bob" }, { idempotencyKey: "welcome" });
  expect(second.id).not.toBe(first.id);
  expect(await Promise.all([first.output(), second.output()])).toEqual(["Sent to ada.", "Sent to bob."]);
  expect(await countRuns(world)).toBe(2);
});

test("B20 a key outlives the run's success and a restart", async () => {
  const ledger = createLedger();
  const mail = defineMail(ledger);
  await using world = await startWorld([mail]);
  const first = await mail.invoke({ to: "ada" }, { idempotencyKey: "welcome" });
  await first.output();
  expect((await mail.invoke({ to: "ada" }, { idempotencyKey: "welcome" })).id).toBe(first.id);
  await world.restart();
  const later = await mail.invoke({ to: "ada" }, { idempotencyKey: "welcome" });
  expect(later.id).toBe(first.id);
  expect(await later.output()).toBe("Sent to ada.");
  expect(ledger.count("sent to ada")).toBe(1);
  await expect(mail.invoke({ to: "bob" }, { idempotencyKey: "welcome" })).rejects.toBeInstanceOf(
    IdempotencyConflictError,
  );
});

test("B20 a key is free after failure, cancel and expiry, also for another payload", async () => {
  const mail = defineMail();
  await using world = await startWorld([mail]);
  const failed = await mail.invoke({ to: "ada", mode: "fail" }, { idempotencyKey: "failed" });
  expect((await failed.result()).status).toBe("FAILURE");
  const canceled = await mail.invoke({ to: "ada", mode: "wait" }, { idempotencyKey: "canceled" });
  await canceled.cancel();
  await world.engine.setJobPaused({ jobId: "mail", isPaused: true });
  const expired = await mail.invoke({ to: "ada" }, { idempotencyKey: "expired", ttl: "1m" });
  await world.clock.advance(60_000);
  expect((await expired.result()).status).toBe("EXPIRED");
  await world.engine.setJobPaused({ jobId: "mail", isPaused: false });
  for (const [key, old] of Object.entries({ failed, canceled, expired })) {
    const next = await mail.invoke({ to: "bob" }, { idempotencyKey: key });
    expect(next.id).not.toBe(old.id);
    expect(await next.output()).toBe("Sent to bob.");
  }
});

test("B20 a key is free after its TTL, by default thirty days, and not a moment before", async () => {
  const mail = defineMail();
  await using world = await startWorld([mail]);
  const byDefault = await mail.invoke({ to: "ada" }, { idempotencyKey: "default" });
  const short = await mail.invoke({ to: "ada" }, { idempotencyKey: "short", idempotencyKeyTTL: "1h" });
  await Promise.all([byDefault.output(), short.output()]);
  await world.clock.advance(3_600_000 - 1);
  expect((await mail.invoke({ to: "ada" }, { idempotencyKey: "short" })).id).toBe(short.id);
  await world.clock.advance(1);
  expect((await mail.invoke({ to: "bob" }, { idempotencyKey: "short" })).id).not.toBe(short.id);
  await world.clock.advance(30 * 86_400_000 - 3_600_000 - 1);
  expect((await mail.invoke({ to: "ada" }, { idempotencyKey: "default" })).id).toBe(byDefault.id);
  await world.clock.advance(1);
  expect((await mail.invoke({ to: "ada" }, { idempotencyKey: "default" })).id).not.toBe(byDefault.id);
});

test("B20 an unfinished run keeps its key beyond the TTL", async () => {
  const ledger = createLedger();
  const mail = defineMail(ledger);
  await using world = await startWorld([mail]);
  const options = { idempotencyKey: "k", idempotencyKeyTTL: "1s" } as const;
  const first = await mail.invoke({ to: "ada", mode: "wait" }, options);
  await ledger.until("sent to ada");
  await world.clock.advance(59 * 86_400_000);
  expect((await mail.invoke({ to: "ada", mode: "wait" }, options)).id).toBe(first.id);
  await world.clock.advance(86_400_000);
  expect(await first.output()).toBe("Sent to ada.");
  expect((await mail.invoke({ to: "ada", mode: "wait" }, options)).id).not.toBe(first.id);
});

test("B21 keys of 2,048 characters work, also where each is an emoji", async () => {
  const mail = defineMail();
  await using world = await startWorld([mail]);
  for (const key of ["k".repeat(2_048), "🎉".repeat(2_048)]) {
    const first = await mail.invoke({ to: "ada" }, { idempotencyKey: key });
    expect((await mail.invoke({ to: "ada" }, { idempotencyKey: key })).id).toBe(first.id);
    expect(await world.engine.readRun(first.id)).toMatchObject({ idempotencyKey: key });
  }
  const list = ["k".repeat(1_024), "l".repeat(1_024)];
  const first = await mail.invoke({ to: "ada" }, { idempotencyKey: list });
  expect((await mail.invoke({ to: "ada" }, { idempotencyKey: list })).id).toBe(first.id);
});

test("B21 longer and empty keys are refused with a sentence, and make no run", async () => {
  const mail = defineMail();
  await using world = await startWorld([mail]);
  const refusals: readonly (readonly [string | string[], RegExp])[] = [
    ["k".repeat(2_049), /2049 characters.*at most 2048/],
    ["🎉".repeat(2_049), /2049 characters.*at most 2048/],
    [["k".repeat(2_048), "l"], /2049 characters.*at most 2048/],
    ["", /empty/],
    [[], /empty/],
    [["", ""], /empty/],
  ];
  for (const [idempotencyKey, sentence] of refusals) {
    const refusal = await mail.invoke({ to: "ada" }, { idempotencyKey }).catch((error: unknown) => error);
    expect(refusal).toBeInstanceOf(InvalidOptionError);
    expect(refusal).toMatchObject({ code: "INVALID_OPTION", option: "idempotencyKey" });
    expect(String(refusal)).toMatch(sentence);
  }
  expect(await countRuns(world)).toBe(0);
});

test("B21 a key that is no text is refused, though the types were bypassed", async () => {
  const mail = defineMail();
  await using world = await startWorld([mail]);
  for (const idempotencyKey of [7, null, {}, [7], [null]] as unknown as string[]) {
    await expect(mail.invoke({ to: "ada" }, { idempotencyKey })).rejects.toBeInstanceOf(InvalidOptionError);
  }
  expect(await countRuns(world)).toBe(0);
});

test("B21 NUL, emoji, spaces and letter case make keys of their own, also after a restart", async () => {
  const mail = defineMail();
  await using world = await startWorld([mail]);
  const keys = ["a\u0000b", "a\u0000c", "a", "\u0000", "👩‍👧", "🎉", "A", " a", "a ", "a%", "é", "e\u0301"];
  const invoke = async (idempotencyKey: string) => (await mail.invoke({ to: "ada" }, { idempotencyKey })).id;
  const ids = [];
  for (const key of keys) ids.push(await invoke(key));
  expect(new Set(ids).size).toBe(keys.length);
  await world.restart();
  const again = [];
  for (const key of keys) again.push(await invoke(key));
  expect(again).toEqual(ids);
});

test("B21 a text that is half an emoji cannot be kept as itself, and is refused", async () => {
  const mail = defineMail();
  await using world = await startWorld([mail]);
  const refused = mail.invoke({ to: "ada" }, { idempotencyKey: "\ud83c" });
  await expect(refused).rejects.toBeInstanceOf(InvalidOptionError);
  expect(await countRuns(world)).toBe(0);
});
