import { BeckonClient, invokeTrigger } from "@beckon/core";
import { startTestEngine } from "@beckon/engine/testing";
import { initTRPC } from "@trpc/server";
import superjson from "superjson";
import { expect, test } from "vitest";
import type { AuthorizeRequest } from "./authorize.ts";
import { createJobRouter } from "./create-job-router.ts";
import { beckonErrorFormatter } from "./trpc-errors.ts";

interface HostContext {
  readonly user: string;
}

const client = new BeckonClient({ id: "tests" });
const greet = client.defineJob({
  id: "greet",
  name: "Greet",
  version: "1.0.0",
  trigger: invokeTrigger(),
  run: async (name: string) => `Hello, ${name}`,
});
const other = client.defineJob({
  id: "other",
  name: "Other",
  version: "1.0.0",
  trigger: invokeTrigger(),
  run: async () => 1,
});
const jobs = { greet, other };
const t = initTRPC.context<HostContext>().create({ transformer: superjson, errorFormatter: beckonErrorFormatter });

/** Everybody acts for the account of their own name, and nobody has the server call anything. */
function isOwn({ ctx, run, query, invocations }: AuthorizeRequest<HostContext>): boolean {
  const accounts = [run, query, ...invocations].flatMap((part) => (part === null ? [] : [part.accountId]));
  return (
    accounts.every((accountId) => accountId === ctx.user) &&
    invocations.every(({ callbackUrl }) => callbackUrl === undefined)
  );
}

/** What was asked of `authorize` is kept, without the context. */
async function start() {
  const world = await startTestEngine([greet, other]);
  const asked: Omit<AuthorizeRequest<HostContext>, "ctx">[] = [];
  const authorize = (request: AuthorizeRequest<HostContext>): boolean => {
    const { ctx: _ctx, ...rest } = request;
    asked.push(rest);
    return isOwn(request);
  };
  const router = createJobRouter(jobs, { t, authorize, engine: world.engine });
  return { ...world, asked, callerOf: (user: string) => router.createCaller({ user }) };
}

const REFUSED = { code: "FORBIDDEN", cause: { code: "NOT_ALLOWED" } };
const NOTHING = { run: null, invocations: [], query: null };

test("authorize is told the options of every run that a call would make", async () => {
  await using world = await start();
  const { greet: calls } = world.callerOf("ada").jobs;
  const mine = { accountId: "ada", priority: 3 };
  await calls.invoke({ payload: "Ada", options: mine });
  const job = { id: "greet" };
  expect(world.asked).toEqual([{ ...NOTHING, job, action: "invoke", invocations: [mine] }]);
  await calls.invokeAndWait({ payload: "Ada", options: mine });
  expect(world.asked.slice(1).map(({ action, invocations }) => [action, invocations])).toEqual([
    ["read", [mine]],
    ["invoke", [mine]],
  ]);
  await calls.batchInvoke({ items: [{ payload: "Ada", options: mine }] });
  const bobs = { accountId: "bob" };
  const batch = calls.batchInvoke({
    items: [
      { payload: "Ada", options: mine },
      { payload: "Bob", options: bobs },
    ],
  });
  await expect(batch).rejects.toMatchObject(REFUSED);
  expect(world.asked.at(-1)?.invocations).toEqual([mine, bobs]);
  for (const options of [undefined, bobs, { ...mine, callbackUrl: "http://127.0.0.1/admin" }]) {
    await expect(calls.invoke({ payload: "Ada", options })).rejects.toMatchObject(REFUSED);
    await expect(calls.invokeAndWait({ payload: "Ada", options })).rejects.toMatchObject(REFUSED);
  }
  expect((await world.engine.listRuns({})).runs).toHaveLength(3);
});

test("authorize is told whose the run is that a call names", async () => {
  await using world = await start();
  const [ada, bob] = [world.callerOf("ada"), world.callerOf("bob")];
  const { id } = await ada.jobs.greet.invoke({ payload: "Ada", options: { accountId: "ada", tags: ["t"] } });
  expect(await ada.jobs.greet.result({ id })).toMatchObject({ output: "Hello, Ada" });
  const run = { id, accountId: "ada", tags: ["t"] };
  expect(world.asked.at(-1)).toEqual({ ...NOTHING, job: { id: "greet" }, action: "read", run });
  expect(await ada.runs.get({ id })).toMatchObject({ id });
  for (const call of [
    bob.jobs.greet.result({ id }),
    bob.runs.get({ id }),
    bob.runs.result({ id }),
    bob.runs.logs({ id }),
    bob.runs.cancel({ id }),
    bob.runs.replay({ id }),
  ]) {
    await expect(call).rejects.toMatchObject(REFUSED);
  }
  const again = { payload: "Ada", options: { accountId: "bob", idempotencyKey: "k" } };
  const keyed = { payload: "Ada", options: { accountId: "ada", idempotencyKey: "k" } };
  expect(await ada.jobs.greet.invokeAndWait(keyed)).toMatchObject({ output: "Hello, Ada" });
  // The key leads to her run.
  await expect(bob.jobs.greet.invokeAndWait(again)).rejects.toMatchObject(REFUSED);
  expect(world.asked.slice(-6).every(({ job }) => job?.id === "greet")).toBe(true);
  // Of a run that is not there, or not of the job, nothing is known.
  await expect(ada.jobs.other.result({ id })).rejects.toMatchObject({ code: "NOT_FOUND" });
  expect(world.asked.at(-1)).toEqual({ ...NOTHING, job: { id: "other" }, action: "read" });
});

test("authorize is told which runs a call lists", async () => {
  await using world = await start();
  const ada = world.callerOf("ada");
  await ada.jobs.greet.invoke({ payload: "Ada", options: { accountId: "ada" } });
  expect((await ada.runs.list({ job: "greet", accountId: "ada" })).runs).toHaveLength(1);
  const query = { job: "greet", accountId: "ada" };
  expect(world.asked.at(-1)).toEqual({ ...NOTHING, job: { id: "greet" }, action: "read", query });
  for (const call of [
    ada.runs.list(),
    ada.runs.list({ job: "greet" }),
    ada.runs.list({ accountId: "bob" }),
    // It shows the newest runs of the job, whosever they are.
    ada.catalog.get({ id: "greet" }),
  ]) {
    await expect(call).rejects.toMatchObject(REFUSED);
  }
  expect((await ada.catalog.list()).map(({ id }) => id)).toEqual(["greet", "other"]);
});
