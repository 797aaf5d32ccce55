import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { createServer as createHttpServer } from "node:http";
import { createServer } from "node:net";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline/promises";
import { text } from "node:stream/consumers";
import { expect, test, vi } from "vitest";

/** Starting a process takes its time on a busy machine. */
vi.setConfig({ testTimeout: 60_000 });

const MAIN = join(import.meta.dirname, "main.ts");

interface Program extends AsyncDisposable {
  /** What it printed when it was ready. */
  readonly lines: readonly string[];
  readonly url: string;
  readonly kill: (signal: NodeJS.Signals) => Promise<number | null>;
}

function start(environment: Readonly<Record<string, string>>) {
  return spawn(process.execPath, ["--conditions=@beckon/source", MAIN], {
    env: { ...process.env, PORT: "0", ...environment },
    stdio: ["ignore", "pipe", "pipe"],
  });
}

/** The program, once it serves. */
async function startServing(database: string): Promise<Program> {
  const child = start({ BECKON_DATABASE: database });
  const exited = once(child, "exit") as Promise<[number | null]>;
  const lines: string[] = [];
  for await (const line of createInterface(child.stdout)) if (lines.push(line) === 3) break;
  const kill = async (signal: NodeJS.Signals): Promise<number | null> => {
    child.kill(signal);
    return (await exited)[0];
  };
  return {
    lines,
    url: lines[0]?.split(" ").at(-1) ?? "",
    kill,
    [Symbol.asyncDispose]: async () => void (await kill("SIGKILL")),
  };
}

/** By plain HTTP; resolves with the run's id. */
async function invoke({ url }: Program, jobId: string, payload: unknown): Promise<string> {
  const response = await fetch(`${url}/api/v1/jobs/${jobId}/invoke`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ payload }),
  });
  const { id } = (await response.json()) as { readonly id: string };
  return id;
}

async function untilDraining({ url }: Program): Promise<void> {
  await expect.poll(async () => (await fetch(`${url}/readyz`)).status).toBe(503);
}

/** A receiver of webhooks that answers when it is told to. */
async function startHeldReceiver() {
  const [asked, answered] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
  let calls = 0;
  const server = createHttpServer((_request, response) => {
    calls += 1;
    asked.resolve();
    void answered.promise.then(() => response.end());
  });
  await once(server.listen(0, "127.0.0.1"), "listening");
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/hook`,
    asked: asked.promise,
    answer: answered.resolve,
    calls: () => calls,
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections();
      await once(server.close(), "close");
    },
  };
}

/** How the program ends that does not start. */
async function startFailing(
  environment: Readonly<Record<string, string>>,
): Promise<{ readonly code: number | null; readonly said: string }> {
  const child = start(environment);
  const [said, [code]] = await Promise.all([text(child.stderr), once(child, "exit") as Promise<[number | null]>]);
  return { code, said };
}

async function inFolder(work: (folder: string) => Promise<void>): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), "beckon-"));
  await work(folder).finally(() => void rm(folder, { recursive: true, force: true }));
}

test("says where it serves, where runs are kept and what to try next; a signal drains it", () =>
  inFolder(async (folder) => {
    const database = join(folder, "beckon.db");
    await using program = await startServing(database);
    expect(program.lines[0]).toMatch(/^Beckon is ready at http:\/\/127\.0\.0\.1:\d+$/);
    expect(program.lines[1]).toContain(database);
    expect(program.lines[2]).toMatch(new RegExp(`^Try next: .* invoke example-job --url ${program.url}$`));
    expect((await fetch(`${program.url}/readyz`)).status).toBe(200);
    expect(await program.kill("SIGTERM")).toBe(0);
  }));

test("B10 a run that was acknowledged before SIGKILL finishes after the restart", () =>
  inFolder(async (folder) => {
    const database = join(folder, "beckon.db");
    await using first = await startServing(database);
    const id = await invoke(first, "example-job", { userId: "1234", tier: "free" });
    await first.kill("SIGKILL");
    await using second = await startServing(database);
    const result = await fetch(`${second.url}/api/v1/runs/${id}/result`);
    expect(await result.json()).toMatchObject({ ok: true, status: "SUCCESS" });
  }));

test("B43 a signal lets a running step finish: it costs its run no attempt, and the step is not repeated", () =>
  inFolder(async (folder) => {
    const database = join(folder, "beckon.db");
    await using receiver = await startHeldReceiver();
    await using first = await startServing(database);
    const id = await invoke(first, "flaky-webhook", { url: receiver.url });
    await receiver.asked;
    const exited = first.kill("SIGTERM");
    await Promise.race([untilDraining(first), exited]);
    receiver.answer();
    expect(await exited).toBe(0);
    await using second = await startServing(database);
    const result = await fetch(`${second.url}/api/v1/runs/${id}/result`);
    expect(await result.json()).toMatchObject({ ok: true, output: { attempts: 1 }, executionCount: 1 });
    expect(receiver.calls()).toBe(1);
  }));

test("what keeps it from starting is one sentence that names the variable, and exit code 1", async () => {
  const other = createServer().listen(0, "127.0.0.1");
  await once(other, "listening");
  const { port } = other.address() as AddressInfo;
  const failures = await Promise.all([
    startFailing({ PORT: String(port), BECKON_DATABASE: ":memory:" }),
    startFailing({ BECKON_DATABASE: join(MAIN, "beckon.db") }),
    startFailing({ HOST: "0.0.0.0", BECKON_DATABASE: ":memory:" }),
    startFailing({ PORT: "abc", BECKON_DATABASE: ":memory:" }),
  ]);
  other.close();
  expect(failures).toEqual([
    {
      code: 1,
      said: `Port ${port} on 127.0.0.1 is taken by another program: stop it, or choose another port. PORT sets it.\n`,
    },
    { code: 1, said: expect.stringMatching(/^The database .*main\.ts\/beckon\.db cannot be opened: .*\.\n$/) },
    { code: 1, said: expect.stringMatching(/^BECKON_API_KEY: without one .*\n$/) },
    { code: 1, said: "PORT=abc is no port: give a whole number from 0 to 65535.\n" },
  ]);
});
