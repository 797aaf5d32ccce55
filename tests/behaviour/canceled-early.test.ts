import { type AnyJob, BeckonClient, invokeTrigger } from "@beckon/core";
import { bindJob } from "@beckon/core/runtime";
import { createEngine, type Store } from "@beckon/engine";
import { createManualClock } from "@beckon/engine/testing";
import { createTemporaryDatabase } from "@beckon/sqlite/testing";
import { expect, test } from "vitest";
import { createGate } from "./gate.ts";
import { createLedger, type Ledger } from "./ledger.ts";
import { watchStore } from "./watched-store.ts";

const client = new BeckonClient({ id: "tests" });

/** A job whose runs begin, and the first of which ends when its gate is open. */
function defineGated(ledger: Ledger, concurrencyLimit?: number) {
  const end = createGate();
  const job = client.defineJob({
    id: "gated",
    name: "Gated",
    version: "1.0.0",
    trigger: invokeTrigger(),
    concurrencyLimit,
    run: async (name: string) => {
      ledger.note(name);
      if (name === "first") await end.passed;
      return name;
    },
  });
  return { job, end };
}

/** Cancels the run that is meant when `verb` is done for it, and before that is answered: as where both share a commit. */
async function startCanceling(job: AnyJob, verb: "createRuns" | "claimRuns", meant: () => string | undefined) {
  const database = await createTemporaryDatabase();
  const real = await database.open();
  const watched: Store = watchStore(real, (name, [request]) => {
    const runId = name === verb ? (meant() ?? bornOf(request)) : undefined;
    return runId === undefined ? undefined : real.cancelRun({ runId, now: 1 });
  });
  const engine = createEngine({ store: watched, jobs: [job], clock: createManualClock(), concurrency: 2 });
  await engine.start();
  return {
    engine,
    [Symbol.asyncDispose]: async () => {
      await engine.stop({ timeoutMs: 0 });
      await database[Symbol.asyncDispose]();
    },
  };
}

function bornOf(request: unknown): string | undefined {
  const [run] = (request as { readonly runs?: readonly { readonly id: string; readonly input: string }[] }).runs ?? [];
  return run?.input.includes("canceled") === true ? run.id : undefined;
}

test("B43 a run that is canceled before its birth is answered never begins, and its limit's place is free", async () => {
  const ledger = createLedger();
  const { job } = defineGated(ledger, 1);
  await using world = await startCanceling(job, "createRuns", () => undefined);
  const limited = bindJob(job, world.engine.transport);
  // Behind it the worker has looked for runs and found none: the next is born into a free slot.
  await limited.invokeAndWait("first of all");
  const run = await limited.invoke("canceled");
  expect(await run.result()).toMatchObject({ status: "CANCELED" });
  expect(await limited.invokeAndWait("next")).toMatchObject({ output: "next" });
  expect(ledger.entries).toEqual(["first of all", "next"]);
});

test("B43 so does one that is canceled before its claim is answered", async () => {
  const ledger = createLedger();
  const { job, end } = defineGated(ledger, 1);
  const meant: { runId?: string } = {};
  await using world = await startCanceling(job, "claimRuns", () => meant.runId);
  const limited = bindJob(job, world.engine.transport);
  const first = await limited.invoke("first");
  await ledger.until("first");
  const canceled = await limited.invoke("second");
  const third = await limited.invoke("third");
  meant.runId = canceled.id;
  end.open();
  expect(await first.output()).toBe("first");
  expect(await canceled.result()).toMatchObject({ status: "CANCELED" });
  expect(await third.output()).toBe("third");
  expect(ledger.entries).toEqual(["first", "third"]);
});

test("B43 so does one that lies claimed ahead when another process cancels it", async () => {
  const ledger = createLedger();
  const { job, end } = defineGated(ledger);
  await using database = await createTemporaryDatabase();
  const [store, peer] = [await database.open(), await database.open()];
  const clock = createManualClock();
  const engine = createEngine({ store, jobs: [job], clock, concurrency: 1 });
  await engine.start();
  const short = bindJob(job, engine.transport);
  // It took no time, so that the next are claimed ahead.
  await short.invokeAndWait("before");
  const [, canceled, third] = await short.batchInvoke(["first", "second", "third"].map((payload) => ({ payload })));
  await ledger.until("first");
  const heard = new Promise<void>((resolve) => store.subscribe(({ runs }) => void (runs === null && resolve())));
  await peer.cancelRun({ runId: String(canceled?.id), now: clock.now() });
  await heard;
  await clock.tick();
  end.open();
  expect(await third?.output()).toBe("third");
  expect(ledger.entries).toEqual(["before", "first", "third"]);
  await engine.stop();
});
