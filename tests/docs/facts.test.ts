import { existsSync, globSync, readFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { DatabaseSync } from "node:sqlite";
import * as jobs from "@acme/jobs";
import { BeckonClient, type InvokeAndWaitOptions, type IO, invokeTrigger } from "@beckon/core";
import * as runtime from "@beckon/core/runtime";
import type { ServerOptions } from "@beckon/server";
import { startTestServer } from "@beckon/server/testing";
import { describe, expect, test } from "vitest";
import { PAGES_FOLDER, readPages, ROOT } from "./pages.ts";

type JobOptions = Parameters<BeckonClient["defineJob"]>[0];

/** Lists that do not compile when a name is missing in them or too many. */
const JOB_OPTIONS: Record<keyof JobOptions, true> = {
  id: true,
  name: true,
  version: true,
  trigger: true,
  run: true,
  errors: true,
  enabled: true,
  retry: true,
  maxDuration: true,
  ttl: true,
  concurrencyLimit: true,
  logLevel: true,
  onSuccess: true,
  onFailure: true,
};
const INVOKE_OPTIONS: Record<keyof InvokeAndWaitOptions, true> = {
  key: true,
  idempotencyKey: true,
  idempotencyKeyTTL: true,
  detached: true,
  context: true,
  accountId: true,
  callbackUrl: true,
  delay: true,
  ttl: true,
  priority: true,
  tags: true,
  concurrencyKey: true,
  maxDuration: true,
  isTest: true,
  timeout: true,
};
const SERVER_OPTIONS: Record<Exclude<keyof ServerOptions<object>, "clock">, true> = {
  jobs: true,
  database: true,
  durability: true,
  host: true,
  port: true,
  apiKey: true,
  readApiKey: true,
  concurrency: true,
  environment: true,
  dashboard: true,
  retention: true,
  publicUrl: true,
  signingSecret: true,
  cors: true,
  onError: true,
};
const IO_CALLS: Record<keyof IO, true> = {
  runTask: true,
  wait: true,
  waitForRequest: true,
  sendSignal: true,
  waitForSignal: true,
  logger: true,
  createStatus: true,
  random: true,
  now: true,
  uuid: true,
  parallel: true,
  try: true,
  store: true,
  invoke: true,
};

function textOf(page: string): string {
  return readFileSync(join(PAGES_FOLDER, `${page}.md`), "utf8");
}

/** What stands in the first column of the page's tables, as code. */
function firstColumnOf(page: string): ReadonlySet<string> {
  const cells = [...textOf(page).matchAll(/^\| ([^|]*) \|/gm)].map(([, cell = ""]) => cell);
  return new Set(cells.flatMap((cell) => [...cell.matchAll(/`([^`]+)`/g)].map(([, name = ""]) => name)));
}

/** Those in the page's tables; `…` stands for the path before it, as far as its id. */
function routesOf(page: string): ReadonlySet<string> {
  const tables = textOf(page).match(/^\|.*$/gm) ?? [];
  const routes = new Set<string>();
  let before = "";
  for (const [, method = "", path = ""] of tables.join("\n").matchAll(/`(GET |POST |…)(\/[\w/:]*)/g)) {
    const route = method === "…" ? `${before.replace(/(?<=:id)\/\w+$/, "")}${path}` : `${method}${path}`;
    routes.add(route);
    before = route;
  }
  return routes;
}

describe("nothing is missing on a page", () => {
  test.each([
    ["jobs", JOB_OPTIONS],
    ["invoking", INVOKE_OPTIONS],
    ["server", SERVER_OPTIONS],
  ])("every option that %s.md is about", (page, options) => {
    const named = firstColumnOf(page);
    expect(Object.keys(options).filter((name) => !named.has(name))).toEqual([]);
  });

  test("every call on io", () => {
    const text = textOf("durable-steps");
    expect(Object.keys(IO_CALLS).filter((name) => !text.includes(`io.${name}`))).toEqual([]);
  });

  test("every error that a call rejects with", () => {
    const classes = Object.entries(runtime).filter(([, value]) => isErrorClass(value));
    const named = firstColumnOf("invoking");
    const unsaid = new Set(["DefinitionError", "StepMismatchError", "OperationError"]);
    expect(classes.length).toBeGreaterThan(12);
    expect(classes.map(([name]) => name).filter((name) => !named.has(name) && !unsaid.has(name))).toEqual([]);
  });

  test("every route with its method, and no other; every metric", async () => {
    await using server = await startTestServer({ jobs });
    const { paths } = (await (await fetch(`${server.url}/api/v1/openapi.json`)).json()) as { paths: object };
    const ids = new RegExp(
      `\\{id\\}|(?<=/jobs/)(${Object.values(jobs)
        .map((job) => job.id)
        .join("|")})(?=/|$)`,
    );
    const served = Object.entries(paths).flatMap(([path, item]) =>
      Object.keys(item as object).map((method) => `${method.toUpperCase()} ${path.replace(ids, ":id")}`),
    );
    expect(routesOf("server")).toEqual(new Set(served));
    const metrics = await (await fetch(`${server.url}/metrics`)).text();
    const names = [...metrics.matchAll(/^# TYPE (\w+)/gm)].map(([, name = ""]) => name);
    expect(names.filter((name) => !textOf("operations").includes(name))).toEqual([]);
  });
});

function isErrorClass(value: unknown): boolean {
  return typeof value === "function" && value.prototype instanceof runtime.OperationError;
}

test("every statement of operations.md and of the README is one that SQLite takes", async () => {
  await using server = await startTestServer({ jobs });
  await server.jobs.exampleJob.invokeAndWait({ userId: "1", tier: "pro" });
  const database = new DatabaseSync(server.database, { readOnly: true });
  const text = textOf("operations") + readFileSync(join(ROOT, "README.md"), "utf8");
  const statements = [...text.matchAll(/^```sql\n([^]*?)^```$/gm)].flatMap(([, code = ""]) =>
    code.split(/;\n/).filter((statement) => statement.trim() !== ""),
  );
  expect(statements.length).toBeGreaterThan(5);
  for (const statement of statements) expect(database.prepare(statement).all()).toBeInstanceOf(Array);
  database.close();
});

test("what failed, by code, is told by operations.md also of errors with long texts", async () => {
  const fails = new BeckonClient({ id: "tests" }).defineJob({
    id: "fails",
    name: "Fails",
    version: "1.0.0",
    trigger: invokeTrigger(),
    run: (length: number) => {
      throw new Error("e".repeat(length));
    },
  });
  await using server = await startTestServer({ jobs: { fails } });
  for (const length of [1, 5_000]) await server.jobs.fails.invokeAndWait(length);
  const [, statement = ""] =
    /^What failed in the last day, by code:\n\n```sql\n([^]*?)^```$/m.exec(textOf("operations")) ?? [];
  const database = new DatabaseSync(server.database, { readOnly: true });
  expect(database.prepare(statement).all()).toMatchObject([
    { job_id: "fails", status: "FAILURE", code: "UNCAUGHT", runs: 2 },
  ]);
  database.close();
});

test("every link of a page, of a README and of ARCHITECTURE.md leads somewhere, to a heading where it names one", () => {
  const texts = globSync("{*.md,docs/*.md,{packages,apps}/*/README.md}", { cwd: ROOT });
  expect(texts.length).toBeGreaterThan(20);
  const problems = texts.flatMap((from) =>
    [...readFileSync(join(ROOT, from), "utf8").matchAll(/\]\((?!https?:)([^)#]*)(#[^)]+)?\)/g)].flatMap(
      ([link, path = "", anchor]) => {
        const target = path === "" ? join(ROOT, from) : join(ROOT, dirname(from), path);
        if (!existsSync(target)) return [`${from}: ${link}`];
        if (anchor === undefined || headingsOf(target).has(anchor.slice(1))) return [];
        return [`${from}: ${link} names no heading of ${relative(ROOT, target)}`];
      },
    ),
  );
  expect(problems).toEqual([]);
});

test("no page is longer than 250 lines", () => {
  // A program writes benchmarks.md, as long as it has to be.
  const long = readPages().filter(({ name, text }) => name !== "benchmarks" && text.split("\n").length > 250);
  expect(long.map(({ name }) => name)).toEqual([]);
});

/** As GitHub names them. */
function headingsOf(path: string): ReadonlySet<string> {
  const headings = [...readFileSync(path, "utf8").matchAll(/^#+ (.*)$/gm)].map(([, heading = ""]) => heading);
  return new Set(
    headings.map((heading) =>
      heading
        .toLowerCase()
        .replaceAll(/[^\p{L}\p{N} _-]/gu, "")
        .replaceAll(" ", "-"),
    ),
  );
}
