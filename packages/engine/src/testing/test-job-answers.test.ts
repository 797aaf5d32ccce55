import { BeckonClient, invokeTrigger } from "@beckon/core";
import { expect, test } from "vitest";
import { z } from "zod";
import { testJob } from "./test-job.ts";

const client = new BeckonClient({ id: "tests" });

const charge = client.defineJob({
  id: "charge",
  name: "Charge",
  version: "1.0.0",
  trigger: invokeTrigger({ schema: z.object({ cents: z.number() }) }),
  errors: { DECLINED: z.object({ reason: z.string() }) },
  retry: {},
  run: async (): Promise<string> => {
    throw new Error("the real job ran");
  },
});

/** Waits for what the outside says under its own id, then charges. */
const order = client.defineJob({
  id: "order",
  name: "Order",
  version: "1.0.0",
  trigger: invokeTrigger({ schema: z.number() }),
  run: async (cents, io, ctx) => {
    const options = { id: ctx.run.id, timeout: "1d" } as const;
    const answer = await io.waitForSignal("answer", "confirmed", options).catch((error: Error) => error.name);
    if (answer !== "yes") return answer;
    const charged = await charge.invokeAndWait({ cents });
    if (charged.ok) return charged.output;
    return charged.error.code === "DECLINED" ? charged.error.data.reason : charged.error.message;
  },
});

const confirmed = { name: "confirmed", id: (runId: string) => runId, payload: "yes" };

const partner = client.defineJob({
  id: "partner",
  name: "Partner",
  version: "1.0.0",
  trigger: invokeTrigger(),
  run: async (_payload, io) => {
    const urls: string[] = [];
    const first = await io.waitForRequest(["answer", 1], (url) => void urls.push(url), { timeout: "1h" });
    const second = await io.waitForRequest("again", (url) => void urls.push(url));
    return { first, second, at: await io.now("at"), urls: urls.length };
  },
});

const plain = client.defineJob({
  id: "plain",
  name: "Plain",
  version: "1.0.0",
  trigger: invokeTrigger(),
  run: async () => 1,
});

test("a signal reaches a wait under the run's own id, which is there before the run begins", async () => {
  const result = await testJob(order, 500, { signals: [confirmed], children: { charge: "paid" } });
  expect(result).toMatchObject({ ok: true, output: "paid" });
});

test("a signal that nobody took is an error that names it, and what was waited for instead", async () => {
  const signals = [{ name: "confirmed", id: "run_1", payload: "yes" }];
  const refusal = testJob(order, 500, { signals });
  await expect(refusal).rejects.toThrow('asked for what this test prepared: signal "confirmed" with the id "run_1".');
  await expect(testJob(order, 500, { signals })).rejects.toThrow(
    /in vain: signal "confirmed" with the id "run_0\w+"\./,
  );
  const twice = testJob(order, 500, { signals: [confirmed, confirmed], children: { charge: "paid" } });
  await expect(twice).rejects.toThrow("Nothing in job");
});

test("the job's own signals that nobody takes are no concern of the test", async () => {
  const job = client.defineJob({
    id: "sender",
    name: "Sender",
    version: "1.0.0",
    trigger: invokeTrigger(),
    run: async (_payload, io) => {
      const got = await io.waitForSignal("wait", "ping");
      await io.sendSignal("send", "ping", { payload: "mine" });
      return got;
    },
  });
  const result = await testJob(job, null, { signals: [{ name: "ping", payload: "given" }] });
  expect(result).toMatchObject({ ok: true, output: "given" });
});

test("an outcome of a job that was not invoked is an error that names those that were, and how the run ended", async () => {
  const options = { signals: [confirmed], children: { charge: new Error("the bank is closed"), refund: 1 } };
  await expect(testJob(order, 500, options)).rejects.toThrow(
    'asked for what this test prepared: output of job "refund". Jobs that were invoked: charge. The run ended with SUCCESS.',
  );
  const broken = client.defineJob({ ...spec("broken"), run: () => Promise.reject(new Error("a typo of mine.")) });
  await expect(testJob(broken, null, { children: { charge: 1 } })).rejects.toThrow(
    "with FAILURE: a typo of mine. Write",
  );
});

test("what is prepared for several tests may be left over where the test says so", async () => {
  const prepared = { tasks: { a: 1 }, children: { b: 2 }, signals: [{ name: "c" }], requests: { d: 3 } };
  expect(await testJob(plain, null, { ...prepared, unused: "allow" })).toMatchObject({ ok: true, output: 1 });
  await expect(testJob(plain, null, prepared)).rejects.toThrow(
    'prepared: task "a", output of job "b", signal "c", request "d".',
  );
});

test("a stalled job tells what its children wait for, and what was prepared and not asked for", async () => {
  const child = client.defineJob({
    ...spec("child"),
    run: (_payload, io) => io.waitForSignal("go", "start"),
  });
  const parent = client.defineJob({ ...spec("parent"), run: async () => (await child.invokeAndWait(null)).ok });
  const stalled = testJob(parent, null, { jobs: [child], signals: [{ name: "strat" }] });
  await expect(stalled).rejects.toThrow(
    /Run run_\w+ of job "child": It waits in "go" for the signal "start"\. Prepared here, and not asked for: signal "strat"\./,
  );
});

test("a function takes the place of a child's work, and knows the payload", async () => {
  const result = await testJob(order, 500, {
    signals: [confirmed],
    children: { charge: ({ cents }) => String(cents * 2) },
  });
  expect(result).toMatchObject({ ok: true, output: "1000" });
});

test("a child that the test knows by its definition ends as chosen, with declared errors and without retries", async () => {
  let calls = 0;
  const options = { signals: [confirmed], jobs: [charge] };
  const declined = await testJob(order, 500, {
    ...options,
    children: {
      charge: (_payload, _io, ctx) => {
        calls += 1;
        throw ctx.errors.DECLINED({ reason: "no funds" });
      },
    },
  });
  expect(declined).toMatchObject({ ok: true, output: "no funds" });
  expect(calls).toBe(1);
  const failed = await testJob(order, 500, { ...options, children: { charge: new Error("the bank is closed") } });
  expect(failed).toMatchObject({ ok: true, output: "the bank is closed" });
});

test("the tested job itself cannot be chosen away", async () => {
  await expect(testJob(plain, null, { children: { plain: 2 } })).rejects.toThrow(
    'Option "children": job "plain" is the one that is tested, so it runs for real.',
  );
});

test("a request is answered by the wait's key, at once; one that was not waited for is an error", async () => {
  const requests = { '["answer",1]': { ok: true }, again: undefined };
  const result = await testJob(partner, null, { requests, tasks: { "again (hand out the URL)": undefined } });
  const at = new Date("2026-01-01T00:00:00Z");
  expect(result).toMatchObject({ ok: true, output: { first: { ok: true }, second: undefined, at } });
  await expect(testJob(partner, null, { requests: { ...requests, more: 1 } })).rejects.toThrow(
    'prepared: request "more"',
  );
  await expect(testJob(partner, null, { requests: { '["answer",1]': 1, agian: 1 } })).rejects.toThrow(
    'for a request to its URL. Prepared here, and not asked for: request "agian".',
  );
});

test("options that there are not, and values that they cannot have, are refused", async () => {
  // @ts-expect-error -- a misspelled option
  await expect(testJob(plain, null, { task: {} })).rejects.toThrow('Option "task": there is no such option');
  await expect(testJob(plain, null, { now: new Date("soon") })).rejects.toThrow('Option "now": give a valid Date.');
  // @ts-expect-error -- "error" and "allow" are known
  await expect(testJob(plain, null, { unused: "ignore" })).rejects.toThrow('Option "unused": give "error" or "allow".');
});

function spec(id: string) {
  return { id, name: id, version: "1.0.0", trigger: invokeTrigger() } as const;
}

test("values of whatever type may be chosen, and functions know what they are called with", async () => {
  const prepared: Readonly<Record<string, unknown>> = {};
  const result = await testJob(charge, { cents: 1 }, { tasks: prepared, children: prepared });
  expect(result).toMatchObject({ ok: false, error: { message: "the real job ran" } });
  const retried = client.defineJob({ ...spec("retried"), run: (_payload, io) => io.runTask("try", () => 0) });
  const attempts = await testJob(retried, null, { tasks: { try: async (task) => task.attempt + 1 } });
  expect(attempts).toMatchObject({ ok: true, output: 2 });
});
