import { execFile } from "node:child_process";
import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { importContacts } from "@acme/jobs";
import * as jobs from "@acme/jobs";
import { createServer } from "@beckon/server";
import { expect, test } from "vitest";
import { makeFolder } from "./server-process.ts";

const ROOT = join(import.meta.dirname, "../..");

/** What the code of the README takes for granted. */
const PREAMBLE = `
import { BeckonClient, invokeTrigger } from "@beckon/core";
import { createJobsClient, httpTransport } from "@beckon/client";
import { testJob } from "@beckon/engine/testing";
import { createServer } from "@beckon/server";
import { z } from "zod";
const client = new BeckonClient({ id: "readme" });
client.connect(httpTransport({ url: "http://localhost:3000" }));
declare const show: (value: string) => void;
const jobs = { get greet() { return greet; } };
`;

async function readBlocks(language: string): Promise<string[]> {
  const readme = await readFile(join(ROOT, "README.md"), "utf8");
  return [...readme.matchAll(/^```(\w*)\n([^]*?)^```$/gm)].flatMap(([, name, code]) =>
    name === language && code !== undefined ? [code] : [],
  );
}

/** The output of the compiler over one file that can import what the tests can. */
async function compile(code: string): Promise<string> {
  await mkdir(join(ROOT, "tests/node_modules"), { recursive: true });
  const folder = await mkdtemp(join(ROOT, "tests/node_modules/.readme-"));
  try {
    await writeFile(join(folder, "readme.ts"), code);
    const config = { extends: join(ROOT, "tsconfig.base.json"), files: ["readme.ts"] };
    await writeFile(join(folder, "tsconfig.json"), JSON.stringify(config));
    const compiler = join(ROOT, "node_modules/typescript/bin/tsc");
    return await new Promise((resolve) => {
      execFile(process.execPath, [compiler, "-p", folder], (_error, stdout) => resolve(stdout));
    });
  } finally {
    await rm(folder, { recursive: true });
  }
}

test("the code of the README compiles, and code that does not would be noticed", async () => {
  const blocks = await readBlocks("ts");
  expect(blocks.length).toBeGreaterThan(3);
  const wrong = "// @ts-expect-error -- the name is a text\nvoid greet.invoke({ name: 1 });";
  expect(await compile([PREAMBLE, ...blocks, wrong].join("\n"))).toBe("");
}, 60_000);

test("the statements of the README show runs and their tasks, and the columns it names are there", async () => {
  await using folder = await makeFolder();
  const path = join(folder.path, "beckon.db");
  await using server = await createServer({ jobs, database: path, port: 0 });
  await server.jobs.importContacts.invokeAndWait({ pauseInSeconds: 0 });
  const database = new DatabaseSync(path, { readOnly: true });
  const [runs, tasks] = (await readBlocks("sql")).map((statement) => database.prepare(statement).all());
  expect(runs).toMatchObject([
    { job_id: importContacts.id, status: "SUCCESS", result: expect.stringContaining("188") },
  ]);
  expect(tasks?.[0]).toMatchObject({ id: "read the file", kind: "task", status: "SUCCESS", attempt: 1 });
  for (const [table, columns] of await readTables()) {
    const there = database.prepare("SELECT name FROM pragma_table_info(?)").all(table);
    expect(there.map(({ name }) => name)).toEqual(expect.arrayContaining(columns));
  }
  database.close();
});

/** The columns that the README names, by table; what it says of one in parentheses aside. */
async function readTables(): Promise<[string, string[]][]> {
  const readme = await readFile(join(ROOT, "README.md"), "utf8");
  const rows = [...readme.matchAll(/^\| `(\w+)` \| [^|]* \| ([^|]*) \|$/gm)];
  expect(rows.length).toBeGreaterThan(5);
  return rows.map(([, table = "", cell = ""]) => {
    const names = cell.replaceAll(/\([^)]*\)|\. .*/g, "").matchAll(/`(\w+)`/g);
    return [table, [...names].map(([, name = ""]) => name)];
  });
}
