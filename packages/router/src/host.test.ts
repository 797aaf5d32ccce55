import { BeckonClient, invokeTrigger } from "@beckon/core";
import { NotFoundError } from "@beckon/core/runtime";
import { startTestEngine } from "@beckon/engine/testing";
import { initTRPC, TRPCError } from "@trpc/server";
import superjson from "superjson";
import { describe, expect, test } from "vitest";
import { z } from "zod";
import type { AuthorizeRequest } from "./authorize.ts";
import { createJobRouter } from "./create-job-router.ts";
import { beckonErrorFormatter, fromTRPCError, toTRPCError } from "./trpc-errors.ts";

interface HostContext {
  readonly user: string | null;
  /** A host may call its own things whatever it likes. */
  readonly parent?: string;
}

const client = new BeckonClient({ id: "tests" });
const greet = client.defineJob({
  id: "greet",
  name: "Greet",
  version: "1.0.0",
  trigger: invokeTrigger({ schema: z.object({ name: z.string() }) }),
  run: async ({ name }) => `Hello, ${name}`,
});
const secret = client.defineJob({
  id: "secret",
  name: "Secret",
  version: "1.0.0",
  trigger: invokeTrigger(),
  run: async () => 1,
});
const jobs = { greet, secret };

const t = initTRPC.context<HostContext>().create({ transformer: superjson, errorFormatter: beckonErrorFormatter });

/** What another copy of @trpc/server makes: the same by name, and of another class. */
function ofCopy(code: string, cause?: Error): Error {
  return Object.assign(new Error("Sign in first.", { cause }), { name: "TRPCError", code });
}

describe("a host's own tRPC router", () => {
  test("mounts the derived one, with full inference", async () => {
    await using world = await startTestEngine([greet, secret]);
    const host = t.router({
      beckon: createJobRouter(jobs, { t, engine: world.engine }),
      hello: t.procedure.query(({ ctx }) => ctx.user),
    });
    const caller = host.createCaller({ user: "ada", parent: "none of Beckon's" });
    expect(await caller.hello()).toBe("ada");
    const { id } = await caller.beckon.jobs.greet.invoke({ payload: { name: "Ada" } });
    const result = await caller.beckon.jobs.greet.result({ id });
    if ("pending" in result || !result.ok) throw new Error("The run did not succeed.");
    result.output satisfies string;
    expect(result.output).toBe("Hello, Ada");
  });

  test("without superjson is refused, saying what to add", () => {
    const bare = initTRPC.create({ errorFormatter: beckonErrorFormatter });
    expect(() => createJobRouter(jobs, { t: bare })).toThrow("transformer: superjson");
  });

  test("without our error formatter is refused, saying what to add", () => {
    const bare = initTRPC.create({ transformer: superjson });
    expect(() => createJobRouter(jobs, { t: bare })).toThrow("errorFormatter: beckonErrorFormatter");
  });

  test("whose tRPC is a copy of its own keeps its errors and ours", () => {
    const own = ofCopy("UNAUTHORIZED");
    expect(toTRPCError(own)).toBe(own);
    const refusal = new NotFoundError("There is no such run.");
    const wrapped = ofCopy("INTERNAL_SERVER_ERROR", refusal);
    expect(toTRPCError(wrapped)).toMatchObject({ code: "NOT_FOUND", message: refusal.message, cause: refusal });
    expect(fromTRPCError(wrapped)).toBe(refusal);
  });

  test("with a formatter of its own that calls ours is taken", () => {
    const own = initTRPC.create({
      transformer: superjson,
      errorFormatter: ({ shape, error }) => beckonErrorFormatter({ shape: { ...shape, host: "acme" }, error }),
    });
    expect(createJobRouter(jobs, { t: own }).jobs.greet).toBeDefined();
  });
});

describe("authorize", () => {
  const asked: AuthorizeRequest<HostContext>[] = [];
  const authorize = (request: AuthorizeRequest<HostContext>): boolean => {
    asked.push(request);
    if (request.ctx.user === null) throw new TRPCError({ code: "UNAUTHORIZED", message: "Sign in first." });
    return request.ctx.user === "root" || request.job?.id === "greet";
  };
  const start = async () => {
    const world = await startTestEngine([greet, secret]);
    return { ...world, createCaller: createJobRouter(jobs, { t, authorize, engine: world.engine }).createCaller };
  };

  test("decides per call from the host's context, the job and the action", async () => {
    await using world = await start();
    const { createCaller } = world;
    const [ada, root] = [createCaller({ user: "ada" }), createCaller({ user: "root" })];
    const { id } = await ada.jobs.greet.invoke({ payload: { name: "Ada" } });
    expect(asked.at(-1)).toMatchObject({ ctx: { user: "ada" }, job: { id: "greet" }, action: "invoke" });
    await expect(ada.jobs.secret.invoke({ payload: undefined })).rejects.toMatchObject({
      code: "FORBIDDEN",
      cause: { code: "NOT_ALLOWED" },
    });
    await expect(createCaller({ user: null }).jobs.greet.result({ id })).rejects.toMatchObject({
      code: "UNAUTHORIZED",
    });
    await expect(ada.jobs.secret.invokeAndWait({ payload: undefined })).rejects.toMatchObject({ code: "FORBIDDEN" });
    const hidden = await root.jobs.secret.invoke({ payload: undefined });
    await expect(ada.runs.get(hidden)).rejects.toMatchObject({ code: "FORBIDDEN" });
    await expect(ada.runs.cancel(hidden)).rejects.toThrow('You are not allowed to cancel job "secret"');
    for (const aboutAll of [ada.catalog.queues(), ada.catalog.activity({ span: "day" })]) {
      await expect(aboutAll).rejects.toMatchObject({ code: "FORBIDDEN" });
    }
    expect(asked.at(-1)).toMatchObject({ ctx: { user: "ada" }, job: null, action: "read" });
    expect(await ada.runs.get({ id })).toMatchObject({ id });
  });

  test("the result of another job's run is not found at once, with nothing about a job that the caller may not read", async () => {
    await using world = await start();
    const { createCaller } = world;
    const [ada, root] = [createCaller({ user: "ada" }), createCaller({ user: "root" })];
    const waiting = await root.jobs.secret.invoke({ payload: undefined, options: { delay: "7d" } });
    const ended = await root.jobs.secret.invoke({ payload: undefined });
    await root.jobs.secret.result(ended);
    const refusals = await Promise.all(
      [waiting.id, ended.id, "run_none"].map(async (id) => {
        const refusal = await ada.jobs.greet.result({ id }).catch((error: unknown) => error as TRPCError);
        if (!(refusal instanceof TRPCError)) throw new Error("It was to be refused.");
        return [refusal.code, refusal.message.replace(id, "…")];
      }),
    );
    const [, , ofNone] = refusals;
    expect(ofNone).toEqual(["NOT_FOUND", expect.stringContaining('There is no run "…" here of job "greet"')]);
    expect(refusals).toEqual([ofNone, ofNone, ofNone]);
  });

  test("a run whose result the caller may not read is not made to be awaited", async () => {
    await using world = await startTestEngine([greet, secret]);
    const { createCaller } = createJobRouter(jobs, {
      t,
      authorize: ({ action }) => action === "invoke",
      engine: world.engine,
    });
    const { greet: calls } = createCaller({ user: "ada" }).jobs;
    const refused = { code: "FORBIDDEN", message: expect.stringContaining('not allowed to read job "greet"') };
    await expect(calls.invokeAndWait({ payload: { name: "Ada" } })).rejects.toMatchObject(refused);
    expect((await world.engine.listRuns({})).runs).toEqual([]);
    expect(await calls.invoke({ payload: { name: "Ada" } })).toHaveProperty("id");
  });

  test("that fails is a failure of the call, of which only the log learns the reason, and not an empty catalog", async () => {
    await using world = await startTestEngine([greet, secret]);
    const thrown = [
      new Error("policy service down"),
      new TRPCError({ code: "INTERNAL_SERVER_ERROR", message: "policy service down" }),
      new TRPCError({ code: "INTERNAL_SERVER_ERROR", cause: new Error("policy service down") }),
    ];
    for (const error of thrown) {
      const failing = { t, authorize: () => Promise.reject(error), engine: world.engine };
      const caller = createJobRouter(jobs, failing).createCaller({ user: "ada" });
      const failure = {
        code: "INTERNAL_SERVER_ERROR",
        message: expect.stringContaining("its log says what"),
        cause: { message: "policy service down" },
      };
      await expect(caller.catalog.list()).rejects.toMatchObject(failure);
      await expect(caller.jobs.greet.invoke({ payload: { name: "Ada" } })).rejects.toMatchObject(failure);
    }
  });

  test("hides a job of which the host says that it is not there", async () => {
    await using world = await startTestEngine([greet, secret]);
    const { createCaller } = createJobRouter(jobs, {
      t,
      authorize: ({ job }) => {
        if (job?.id === "secret") throw new TRPCError({ code: "NOT_FOUND", message: "There is no such job." });
        return true;
      },
      engine: world.engine,
    });
    expect((await createCaller({ user: "ada" }).catalog.list()).map(({ id }) => id)).toEqual(["greet"]);
  });

  test("hides jobs from the catalog, and the list of all runs from who may not see all", async () => {
    await using world = await start();
    const { createCaller } = world;
    const [ada, root] = [createCaller({ user: "ada" }), createCaller({ user: "root" })];
    expect((await ada.catalog.list()).map(({ id }) => id)).toEqual(["greet"]);
    expect((await root.catalog.list()).map(({ id }) => id)).toEqual(["greet", "secret"]);
    await expect(ada.runs.list()).rejects.toMatchObject({ code: "FORBIDDEN" });
    expect(await ada.runs.list({ job: "greet" })).toMatchObject({ runs: [] });
  });
});

function format(error: TRPCError) {
  const data = { code: error.code, httpStatus: 500, stack: "at /srv/app.ts" } as const;
  return beckonErrorFormatter({ error, shape: { message: error.message, code: -32603, data } });
}

describe("the error formatter", () => {
  test("lets no stack out, and no message of what was not foreseen", () => {
    const shape = format(new TRPCError({ code: "INTERNAL_SERVER_ERROR", message: "password=hunter2" }));
    expect(JSON.stringify(shape)).not.toMatch(/hunter2|app\.ts/);
    expect(shape.data).toEqual({ code: "INTERNAL_SERVER_ERROR", httpStatus: 500, beckon: null });
  });
});
