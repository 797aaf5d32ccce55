import { chargeCard } from "@acme/jobs";
import { startTestEngine, testJob } from "@beckon/engine/testing";
import { expect, expectTypeOf, test } from "vitest";

test("a good card is charged, at the time of the charge", async () => {
  const now = new Date("2026-05-01T09:00:00Z");
  const result = await testJob(chargeCard, { card: "tok_visa", amountInCents: 2_900 }, { now });
  expect(result).toMatchObject({ ok: true, output: { chargeId: expect.stringMatching(/^charge_/), chargedAt: now } });
});

test("B4 a declined card is a declared error with its reason, typed once its code is known", async () => {
  const result = await testJob(chargeCard, { card: "tok_lost_card", amountInCents: 2_900 });
  expect(result).toMatchObject({ ok: false, error: { code: "CARD_DECLINED", data: { reason: "lost_card" } } });
  if (!result.ok && result.error.code === "CARD_DECLINED")
    expectTypeOf(result.error.data.reason).toEqualTypeOf<"insufficient_funds" | "expired_card" | "lost_card">();
});

test("too high an amount is refused before the bank is asked", async () => {
  const result = await testJob(chargeCard, { card: "tok_visa", amountInCents: 100_001 });
  expect(result).toMatchObject({ ok: false, error: { code: "AMOUNT_TOO_HIGH", data: { limitInCents: 100_000 } } });
});

test("every attempt of a charge asks the bank with one idempotency key, and every run with its own", async () => {
  const keys: string[] = [];
  const charge = ({ idempotencyKey }: { readonly idempotencyKey: string }): never => {
    keys.push(idempotencyKey);
    throw new Error("the line is dead");
  };
  await using world = await startTestEngine([chargeCard], { replaceTask: () => charge });
  const first = await chargeCard.invoke({ card: "tok_visa", amountInCents: 1 });
  expect((await first.result()).ok).toBe(false);
  await world.engine.retry(first.id);
  expect((await first.result()).ok).toBe(false);
  await (await chargeCard.invoke({ card: "tok_visa", amountInCents: 1 })).result();
  const [key, again, other] = keys;
  expect(keys).toHaveLength(3);
  expect(again).toBe(key);
  expect(other).not.toBe(key);
});

test("B18 one idempotency key makes one charge", async () => {
  await using world = await startTestEngine([chargeCard]);
  const payload = { card: "tok_visa", amountInCents: 5 };
  const first = await chargeCard.invoke(payload, { idempotencyKey: "order-1" });
  const second = await chargeCard.invoke(payload, { idempotencyKey: "order-1" });
  expect(second.id).toBe(first.id);
  expect(await second.output()).toEqual(await first.output());
  expect((await world.engine.listRuns({})).runs).toHaveLength(1);
});
