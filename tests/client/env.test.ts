import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { BeckonClient, invokeTrigger } from "@beckon/core";
import { startTestServer } from "@beckon/server/testing";
import { expect, test } from "vitest";

const client = new BeckonClient({ id: "tests" });
const double = client.defineJob({
  id: "double",
  name: "Double",
  version: "1.0.0",
  trigger: invokeTrigger(),
  run: async (payload: number) => payload * 2,
});

/** Another process that has the job's definition and the environment, and nothing else. */
const program = `
import "@beckon/client/env";
import { BeckonClient, invokeTrigger } from "@beckon/core";
const double = new BeckonClient({ id: "elsewhere" }).defineJob({
  id: "double", name: "Double", version: "1.0.0", trigger: invokeTrigger(), run: async () => "never runs here",
});
console.log(await (await double.invoke(21)).output());
`;

async function runProgram(environment: Readonly<Record<string, string>>): Promise<string> {
  const { PATH = "" } = process.env;
  const options = { cwd: import.meta.dirname, env: { PATH, ...environment } };
  const done = promisify(execFile)(
    process.execPath,
    ["--conditions=@beckon/source", "--input-type=module", "-e", program],
    options,
  );
  return done.then(
    ({ stdout }) => stdout.trim(),
    (error: { readonly stderr: string }) => error.stderr,
  );
}

test("BECKON_URL and BECKON_API_KEY connect the jobs of a process that imports @beckon/client/env", async () => {
  await using server = await startTestServer({ jobs: { double }, apiKey: "a-long-secret-key" });
  expect(await runProgram({ BECKON_URL: server.url, BECKON_API_KEY: "a-long-secret-key" })).toBe("42");
  expect(await runProgram({ BECKON_URL: server.url })).toContain("NotAllowedError");
});

test("without BECKON_URL the jobs say how to connect them, and one that is no URL is refused at once", async () => {
  expect(await runProgram({})).toContain('import "@beckon/client/env" with BECKON_URL set');
  const reasons = await Promise.all(["localhost", "localhost:3000"].map((url) => runProgram({ BECKON_URL: url })));
  expect(reasons).toEqual([
    expect.stringContaining('BECKON_URL is "localhost", which is no URL: write it as http://localhost:3000.'),
    expect.stringContaining('BECKON_URL is "localhost:3000", which is no URL: write it as http://localhost:3000.'),
  ]);
});
