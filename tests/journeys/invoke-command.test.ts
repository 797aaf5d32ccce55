import { join } from "node:path";
import { expect, test } from "vitest";
import {
  type FinishedProcess,
  makeFolder,
  runProgram,
  runProgramUnread,
  startServerProcess,
} from "./server-process.ts";

const INVOKE = "apps/server/src/invoke.ts";

function invoke(url: string, ...words: readonly string[]): Promise<FinishedProcess> {
  return runProgram(INVOKE, words, { BECKON_URL: url });
}

test("a run is shown from its birth to its output, plain where nobody looks, and the exit code is 0", async () => {
  await using folder = await makeFolder();
  await using server = await startServerProcess({ BECKON_DATABASE: join(folder.path, "beckon.db") });
  const { stdout, stderr, exitCode } = await invoke(
    server.url,
    "import-contacts",
    '{"batchSize":94,"pauseInSeconds":0}',
  );
  expect({ stderr, exitCode }).toEqual({ stderr: "", exitCode: 0 });
  expect(stdout).not.toContain("\u001B");
  const lines = stdout.split("\n").map((line) => line.replace(/^ *[\d.]+ s {2}/, ""));
  expect(lines[0]).toMatch(/^import-contacts run_/);
  expect(lines).toEqual(
    expect.arrayContaining([
      "EXECUTING",
      "✓ read the file",
      "✓ import from row 94",
      "Importing ████████████░░░░░░░░░░░░ 94 of 188",
      "Imported ████████████████████████ 188 of 188",
      "SUCCESS",
      "  imported: 188,",
    ]),
  );
});

test("without a payload the job's first example is sent; a run that fails ends the command with 1", async () => {
  await using folder = await makeFolder();
  await using server = await startServerProcess({ BECKON_DATABASE: join(folder.path, "beckon.db") });
  const approved = await invoke(server.url, "charge-card");
  expect(approved.stdout).toContain("chargeId: 'charge_");
  expect(approved.exitCode).toBe(0);
  const declined = await invoke(server.url, "charge-card", '{"card":"tok_lost_card","amountInCents":1}');
  expect(declined.stdout).toContain("CARD_DECLINED: The bank declined the card: lost_card.\n{ reason: 'lost_card' }");
  expect(declined.exitCode).toBe(1);
});

test("a reader that closes the pipe ends the command without a word, as it ends others", async () => {
  await using folder = await makeFolder();
  await using server = await startServerProcess({ BECKON_DATABASE: join(folder.path, "beckon.db") });
  const words = ["charge-card", "--options", '{"delay":"500ms"}'];
  const { stderr, exitCode } = await runProgramUnread(INVOKE, words, { BECKON_URL: server.url });
  expect({ stderr, exitCode }).toEqual({ stderr: "", exitCode: 141 });
});

test("an unknown job is answered with those there are, and without a job they are listed", async () => {
  await using folder = await makeFolder();
  await using server = await startServerProcess({ BECKON_DATABASE: join(folder.path, "beckon.db") });
  const unknown = await invoke(server.url, "charge-cart");
  expect(unknown).toMatchObject({ exitCode: 1, stdout: "" });
  expect(unknown.stderr).toContain(
    'There is no job "charge-cart" on this server. It has:\n  charge-card      Charge card',
  );
  const list = await invoke(server.url);
  expect(list.stdout.trim().split("\n")).toHaveLength(5);
  expect(list.exitCode).toBe(0);
});

test("a payload that the job refuses is answered with the path, and no run is made", async () => {
  await using folder = await makeFolder();
  await using server = await startServerProcess({ BECKON_DATABASE: join(folder.path, "beckon.db") });
  const refused = await invoke(server.url, "example-job", '{"userId":"1","tier":"paid"}');
  expect(refused).toMatchObject({ exitCode: 1, stdout: "" });
  expect(refused.stderr).toMatch(/^The payload does not fit job "example-job": payload\.tier: .*"paid"\n$/);
});

test("where no server answers, one sentence names the URL and how to start one", async () => {
  const { stdout, stderr, exitCode } = await invoke("http://127.0.0.1:9", "example-job");
  expect({ stdout, exitCode }).toEqual({ stdout: "", exitCode: 1 });
  expect(stderr).toBe(
    'No Beckon server answers at http://127.0.0.1:9: start one with "npx -y pnpm@12.4.2 start", or name another with --url.\n',
  );
});

test.each(["nonsense", "ftp://127.0.0.1"])("what is no URL of a server is told as that: %s", async (url) => {
  const { stderr, exitCode } = await invoke(url, "example-job");
  expect(exitCode).toBe(1);
  expect(stderr).toBe(`"${url}" is no URL of a server: name one such as http://127.0.0.1:3000.\n`);
});

test("a key that is missing or wrong is asked for by the option and the variable that give it", async () => {
  await using folder = await makeFolder();
  const environment = { BECKON_DATABASE: join(folder.path, "beckon.db"), BECKON_API_KEY: "the-key" };
  await using server = await startServerProcess(environment);
  const [without, wrong, right] = await Promise.all([
    invoke(server.url, "example-job"),
    invoke(server.url, "example-job", "--api-key", "a-guess"),
    invoke(server.url, "example-job", "--api-key", "the-key"),
  ]);
  expect(without).toEqual({
    exitCode: 1,
    stdout: "",
    stderr: "This server asks for its key: give it with --api-key, or set BECKON_API_KEY.\n",
  });
  expect(wrong).toEqual({
    exitCode: 1,
    stdout: "",
    stderr: "The key is not this server's: check --api-key, or BECKON_API_KEY where that is left out.\n",
  });
  expect(right.exitCode).toBe(0);
});

test("the usage is shown without a server, and is no failure", async () => {
  const { stdout, stderr, exitCode } = await invoke("http://127.0.0.1:9", "--help");
  expect({ stderr, exitCode }).toEqual({ stderr: "", exitCode: 0 });
  expect(stdout).toMatch(/^Usage: pnpm invoke JOB/);
});

test("bad JSON is answered before anything is sent", async () => {
  const { stderr, exitCode } = await invoke("http://127.0.0.1:9", "example-job", "{userId:1}");
  expect(exitCode).toBe(1);
  expect(stderr).toContain("The payload is not JSON: Expected property name or '}' in JSON at position 1");
});
