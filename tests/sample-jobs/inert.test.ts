import { execFile } from "node:child_process";
import { promisify } from "node:util";
import * as jobs from "@acme/jobs";
import { expect, test } from "vitest";

test("importing the jobs opens, reads and prints nothing: the process ends by itself, in silence", async () => {
  const program = 'await import("@acme/jobs"); console.log(process.getActiveResourcesInfo().join());';
  const { stdout, stderr } = await promisify(execFile)(
    process.execPath,
    ["--conditions=@beckon/source", "--input-type=module", "--eval", program],
    { cwd: import.meta.dirname },
  );
  expect({ stdout, stderr }).toEqual({ stdout: "\n", stderr: "" });
});

test("the package exports the five sample jobs and the client that defines them, nothing else", () => {
  expect(Object.keys(jobs)).toEqual([
    "chargeCard",
    "client",
    "exampleJob",
    "flakyWebhook",
    "importContacts",
    "onboardUser",
  ]);
});
