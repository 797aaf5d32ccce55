import { execFile } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { expect, test } from "vitest";
import { readRooms } from "../workspace.ts";

const run = promisify(execFile);

const NODE = join(import.meta.dirname, "node_modules/node/bin/node");

interface Seen {
  readonly node: string;
  readonly id: string;
  readonly letters: readonly unknown[];
  readonly at: string;
  readonly events: readonly string[];
}

/** Runs the program on the oldest Node, which needs a flag to read TypeScript. */
async function runProgram(database: string): Promise<Seen> {
  const flags = ["--experimental-strip-types", "--disable-warning=ExperimentalWarning", "--conditions=@beckon/source"];
  const { stdout } = await run(NODE, [...flags, join(import.meta.dirname, "program.ts"), database]);
  return JSON.parse(stdout) as Seen;
}

test("the oldest Node that the packages name runs a job with steps and a child, and finds it again", async () => {
  const folder = mkdtempSync(join(tmpdir(), "beckon-oldest-node-"));
  try {
    const first = await runProgram(join(folder, "beckon.db"));
    expect(first).toMatchObject({
      letters: [
        ["one", 3],
        ["three", 5],
      ],
      at: "1970-01-01T00:00:00.000Z",
    });
    expect(await runProgram(join(folder, "beckon.db"))).toEqual(first);

    const [, version = ""] = /^v(\d+\.\d+)\.0$/.exec(first.node) ?? [];
    const engines = readRooms().flatMap(({ manifest }) => manifest.engines?.node ?? []);
    expect(new Set(engines)).toEqual(new Set([`>=${version}`]));
  } finally {
    rmSync(folder, { recursive: true });
  }
}, 60_000);
