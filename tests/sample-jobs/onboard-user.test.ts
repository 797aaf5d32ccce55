import { chargeCard, exampleJob, flakyWebhook, onboardUser } from "@acme/jobs";
import { startTestEngine, testJob } from "@beckon/engine/testing";
import { expect, test } from "vitest";

const purchases = [
  { item: "first month", amountInCents: 2_900 },
  { item: "set-up", amountInCents: 9_900 },
];

test("every purchase is charged in a run of its own, and the user gets what was asked for", async () => {
  await using world = await startTestEngine([onboardUser, chargeCard, exampleJob]);
  const run = await onboardUser.invoke({ userId: "1", tier: "pro", card: "tok_visa", purchases });
  expect(await run.output()).toEqual({ tier: "pro", unpaid: [] });
  const { runs } = await world.engine.listRuns({ parent: run.id });
  expect(runs.map(({ job }) => job.id).toSorted()).toEqual(["charge-card", "charge-card", "example-job"]);
  expect((await world.engine.listRuns({ tag: "user:1" })).runs).toHaveLength(2);
});

test("what is bought twice is charged twice", async () => {
  const coffee = { item: "coffee", amountInCents: 300 };
  await using world = await startTestEngine([onboardUser, chargeCard, exampleJob]);
  const run = await onboardUser.invoke({ userId: "1", tier: "pro", card: "tok_visa", purchases: [coffee, coffee] });
  expect(await run.output()).toEqual({ tier: "pro", unpaid: [] });
  expect((await world.engine.listRuns({ parent: run.id, job: "charge-card" })).runs).toHaveLength(2);
});

test("B24 what was not paid is reported with the declared reason, and the user stays on the free tier", async () => {
  const payload = { userId: "1", tier: "pro", card: "tok_expired_card", purchases } as const;
  const result = await testJob(onboardUser, payload, { jobs: [chargeCard, exampleJob] });
  expect(result).toMatchObject({
    ok: true,
    output: {
      tier: "free",
      unpaid: [
        { item: "first month", reason: "expired_card" },
        { item: "set-up", reason: "expired_card" },
      ],
    },
  });
});

test("a payment that failed for another reason is reported with its message", async () => {
  const payload = { userId: "1", tier: "pro", card: "tok_visa", purchases } as const;
  const children = { "charge-card": new Error("the bank is closed"), "example-job": undefined };
  const result = await testJob(onboardUser, payload, { children });
  expect(result).toMatchObject({ ok: true, output: { tier: "free", unpaid: [{ reason: "the bank is closed" }, {}] } });
});

test("the webhook is told and not waited for", async () => {
  await using world = await startTestEngine([onboardUser, chargeCard, exampleJob, flakyWebhook]);
  const webhookUrl = "http://127.0.0.1:9/hook";
  const run = await onboardUser.invoke({ userId: "1", tier: "free", card: "tok_visa", purchases: [], webhookUrl });
  expect(await run.output()).toEqual({ tier: "free", unpaid: [] });
  const { runs } = await world.engine.listRuns({ job: "flaky-webhook" });
  expect(runs).toMatchObject([{ parentRunId: run.id, completedAt: null }]);
});
