import { BeckonClient, invokeTrigger } from "@beckon/core";
import { NotConnectedError } from "@beckon/core/runtime";
import { startTestEngine } from "@beckon/engine/testing";
import { expect, test } from "vitest";
import { createJobRouter } from "./create-job-router.ts";

const client = new BeckonClient({ id: "tests" });

function defineJob(id: string) {
  return client.defineJob({
    id,
    name: id,
    version: "1.0.0",
    trigger: invokeTrigger(),
    run: async (payload) => ({ by: id, payload }),
  });
}

test("of jobs that two servers run each is called where it runs", async () => {
  const [mail, report] = [defineJob("mail"), defineJob("report")];
  await using first = await startTestEngine([mail]);
  await using second = await startTestEngine([report]);
  const { jobs } = createJobRouter({ mail, report }).createCaller({});
  for (const { engine, name } of [
    { engine: first.engine, name: "mail" },
    { engine: second.engine, name: "report" },
  ] as const) {
    const { id } = await jobs[name].invoke({ payload: 1 });
    expect((await engine.listRuns({})).runs.map((run) => run.id)).toEqual([id]);
    expect(await jobs[name].result({ id })).toMatchObject({ output: { by: name, payload: 1 } });
    expect(await jobs[name].invokeAndWait({ payload: 2 })).toMatchObject({ output: { by: name, payload: 2 } });
    const { ids } = await jobs[name].batchInvoke({ items: [{ payload: 3 }] });
    expect(ids.map((batched) => batched.startsWith("run_"))).toEqual([true]);
  }
});

test("what is about all jobs is refused where two servers run them, and says which those are", async () => {
  const [mail, report, idle] = [defineJob("mail"), defineJob("report"), defineJob("idle")];
  await using worlds = new AsyncDisposableStack();
  for (const job of [mail, report]) worlds.use(await startTestEngine([job]));
  const { runs, catalog } = createJobRouter({ idle, mail, report }).createCaller({});
  for (const ask of [() => runs.list(), () => runs.get({ id: "run_1" }), () => catalog.list()]) {
    await expect(ask()).rejects.toMatchObject({
      code: "SERVICE_UNAVAILABLE",
      cause: expect.any(NotConnectedError),
      message: expect.stringMatching(
        /Jobs "mail" and "report" are connected to two servers.*hand createJobRouter an engine/,
      ),
    });
  }
});

test("a job that no server runs leaves the runs of the others be, wherever it stands", async () => {
  const [mail, idle] = [defineJob("mail"), defineJob("idle")];
  await using worlds = new AsyncDisposableStack();
  worlds.use(await startTestEngine([mail]));
  for (const jobs of [
    { mail, idle },
    { idle, mail },
  ])
    expect(await createJobRouter(jobs).createCaller({}).runs.list()).toMatchObject({ runs: [] });
});
