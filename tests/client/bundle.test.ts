import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { bundle } from "./bundle.ts";

const page = `
import { createJobsClient } from "@beckon/client";
import type * as jobs from "@acme/jobs";
const beckon = createJobsClient<typeof jobs>({ url: "" });
const run = await beckon.exampleJob.invoke({ userId: "1", tier: "pro" });
export const result = await run.result();
`;

const plainTRPC = `
import { createTRPCClient, httpBatchLink } from "@trpc/client";
import superjson from "superjson";
export const trpc = createTRPCClient<any>({ links: [httpBatchLink({ url: "", transformer: superjson })] });
`;

test("B9 a page with the typed client holds no code of the jobs, the engine, the router or their libraries", async () => {
  const { modules, code } = await bundle(page);
  const foreign = modules.filter(
    (id) => !/\/(packages\/(client|core)\/src|node_modules\/(superjson|copy-anything))\/|page\.ts$|rolldown/.test(id),
  );
  expect(foreign).toEqual([]);
  const jobsFolder = join(import.meta.dirname, "../../packages/jobs/src");
  const ids = readdirSync(jobsFolder)
    .filter((file) => file.endsWith(".ts"))
    .flatMap((file) =>
      [...readFileSync(join(jobsFolder, file), "utf8").matchAll(/id: "([a-z-]+)",\n\s+name:/g)].map(([, id]) => id),
    );
  expect(ids.length).toBeGreaterThanOrEqual(5);
  for (const id of ids) expect(code).not.toContain(`"${id}"`);
});

test("the whole of it adds at most 3 kB gzip to a plain tRPC client with superjson", async () => {
  const [ours, plain] = await Promise.all([bundle(page), bundle(plainTRPC)]);
  expect(plain.modules.some((id) => id.includes("@trpc/client"))).toBe(true);
  expect(ours.gzipBytes - plain.gzipBytes).toBeLessThan(3 * 1_024);
  // Kept apart, so that growth shows: it is smaller than what it may add to.
  expect(ours.gzipBytes).toBeLessThan(13.25 * 1_024);
});

test("React's hooks add next to nothing", async () => {
  const hooks = `${page}\nexport { useInvoke, useRun } from "@beckon/client/react";`;
  const query = `${page}\nexport { useMutation, useQuery } from "@tanstack/react-query";`;
  const [withHooks, without] = await Promise.all([bundle(hooks), bundle(query)]);
  expect(withHooks.gzipBytes - without.gzipBytes).toBeLessThan(1_024);
});
