import { expect, test, vi } from "vitest";
import { BeckonClient } from "./client.ts";
import { setDefaultTransport } from "./connections.ts";
import { DefinitionError, NotConnectedError } from "./errors.ts";
import { connectJob, transportOf } from "./job.ts";
import { collect, createRecordingTransport } from "./testing/recording-transport.ts";
import { invokeTrigger } from "./trigger.ts";

function defineJobs(client = new BeckonClient({ id: "acme" })) {
  const define = (id: string) =>
    client.defineJob({ id, name: id, version: "1.0.0", trigger: invokeTrigger(), run: async () => undefined });
  return { client, first: define("first"), second: define("second") };
}

test("B16 a job without a connection rejects every call, saying the three ways to connect it", async () => {
  const { first } = defineJobs();
  for (const call of [() => first.invoke(1), () => first.run("run_1").cancel(), () => first.run("run_1").result()]) {
    const error = await call().catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(NotConnectedError);
    expect(error).toHaveProperty("code", "NOT_CONNECTED");
    expect(String(error)).toContain('Job "first" is not connected');
    expect(String(error)).toContain("createServer({ jobs })");
    expect(String(error)).toContain("client.connect(httpTransport({ url, apiKey }))");
    expect(String(error)).toContain('import "@beckon/client/env"');
  }
  await expect(collect(first.run("run_1").events())).rejects.toThrow(NotConnectedError);
});

test("client.connect connects all jobs of the client until it is taken back", async () => {
  const { client, first, second } = defineJobs();
  const disconnect = client.connect(createRecordingTransport("a"));
  expect((await first.invoke(1)).id).toBe("a-1");
  expect((await second.invoke(1)).id).toBe("a-2");
  disconnect();
  await expect(first.invoke(1)).rejects.toThrow(NotConnectedError);
});

test("a server connects its own jobs and no others", async () => {
  const { first, second } = defineJobs();
  const disconnect = connectJob(first, createRecordingTransport("a"));
  expect((await first.invoke(1)).id).toBe("a-1");
  await expect(second.invoke(1)).rejects.toThrow(NotConnectedError);
  disconnect();
  await expect(first.invoke(1)).rejects.toThrow(NotConnectedError);
});

test("two connections are an error that names both and the way out", async () => {
  const { client, first } = defineJobs();
  connectJob(first, createRecordingTransport("the server at http://127.0.0.1:1"));
  client.connect(createRecordingTransport("the server at http://127.0.0.1:2"));
  await expect(first.invoke(1)).rejects.toThrow(
    'Job "first" is connected to the server at http://127.0.0.1:1 and the server at http://127.0.0.1:2: ' +
      "call it through server.jobs of the one you mean.",
  );
});

test("the same transport twice is one connection", async () => {
  const { client, first } = defineJobs();
  const transport = createRecordingTransport("a");
  connectJob(first, transport);
  client.connect(transport);
  expect((await first.invoke(1)).id).toBe("a-1");
});

test("the default transport serves only jobs that have no other", async () => {
  const { client, first, second } = defineJobs();
  setDefaultTransport(createRecordingTransport("default"));
  try {
    connectJob(first, createRecordingTransport("own"));
    expect((await first.invoke(1)).id).toBe("own-1");
    expect((await second.invoke(1)).id).toBe("default-1");
    client.connect(createRecordingTransport("client"));
    expect((await second.invoke(1)).id).toBe("client-1");
  } finally {
    setDefaultTransport(undefined);
  }
});

test("another copy of this package connects, finds and binds the jobs of this one", async () => {
  vi.resetModules();
  const copy = await import("./job.ts");
  expect(copy.connectJob).not.toBe(connectJob);
  const { first } = defineJobs();
  const transport = createRecordingTransport("a");
  const disconnect = copy.connectJob(first, transport);
  expect((await first.invoke(1)).id).toBe("a-1");
  expect(copy.transportOf(first)).toBe(transport);
  const bound = copy.bindJob(first, createRecordingTransport("b"));
  expect((await bound.invoke(1)).id).toBe("b-1");
  expect(transportOf(bound).description).toBe("b");
  disconnect();
  await expect(first.invoke(1)).rejects.toThrow(NotConnectedError);
});

test("a job of a copy that keeps its connections otherwise is refused, saying what to do", () => {
  const { first } = defineJobs();
  const strange = Object.fromEntries(Object.entries(first)) as typeof first;
  for (const use of [() => connectJob(strange, createRecordingTransport("a")), () => transportOf(strange)]) {
    expect(use).toThrow(DefinitionError);
    expect(use).toThrow(
      'Job "first" was made by another version of @beckon/core than the one that looks for its connections: ' +
        "install one version of all @beckon packages (npm ls @beckon/core shows which there are).",
    );
  }
});
