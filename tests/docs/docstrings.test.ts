import { globSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { ROOT } from "./pages.ts";
import { createProject } from "./project.ts";

/** What the examples in comments take for granted. */
const GIVEN = `
import { createJobsClient, httpTransport } from "@beckon/client";
import { useInvoke, useRun } from "@beckon/client/react";
import { BeckonClient, invokeTrigger, type IO, type Job, type Run } from "@beckon/core";
import { testJob } from "@beckon/engine/testing";
import { beckonErrorFormatter, createJobRouter, createServer } from "@beckon/server";
import { startTestServer } from "@beckon/server/testing";
import * as jobs from "@acme/jobs";
import { initTRPC } from "@trpc/server";
import superjson from "superjson";
import { expect } from "vitest";
import { z } from "zod";
declare const io: IO;
declare const job: Job<{ userId: string }, { userId: string }, string, never>;
declare const greet: Job<{ name: string }, { name: string }, string, never>;
declare const run: Run<string>;
const client = new BeckonClient({ id: "acme" });
const beckon = createJobsClient<typeof jobs>({ url: "" });
const apiKey = "a-long-random-key";
`;

interface Example {
  /** `packages/core/src/io.ts`, for people. */
  readonly path: string;
  readonly code: string;
}

/** The examples in the comments of a package's sources: each ends with its comment or at the next tag. */
function readExamples(): readonly Example[] {
  const paths = globSync("packages/*/src/**/*.ts", { cwd: ROOT }).filter((path) => !/\.test(-d)?\.ts$/.test(path));
  return paths.flatMap((path) => {
    const comments = readFileSync(join(ROOT, path), "utf8").match(/\/\*\*[^]*?\*\//g) ?? [];
    const texts = comments.map((comment) => comment.replaceAll(/^\s*\*? ?|\s*\*\/$/gm, ""));
    return texts.flatMap((text) =>
      [...text.matchAll(/@example\s([^]*?)(?=\n@|$(?![^]))/g)].map(([, code = ""]) => ({ path, code })),
    );
  });
}

/** A module of an example: what it imports is given, and what it exports is local to it. */
function toModule(code: string): string {
  const body = code.replaceAll(/^import .*$/gm, "").replaceAll(/^export /gm, "");
  return `${GIVEN}\nexport async function example() {\n${body}\n}\n`;
}

test("every example in a comment compiles", async () => {
  const examples = readExamples();
  expect(examples.length).toBeGreaterThan(15);
  const blocks = examples.map(({ path, code }, index) => {
    const file = `${path.replace("/src/", "/").replace(/\.ts$/, "")}-${index}.tsx`;
    return { file: `examples/${file}`, code: toModule(code) };
  });
  using project = createProject(blocks);
  expect(await project.compile()).toBe("");
}, 60_000);
