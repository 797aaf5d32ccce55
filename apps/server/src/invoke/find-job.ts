import { styleText } from "node:util";
import type { JobsClient } from "@beckon/client";
import { CommandError } from "./command-line.ts";

type Catalog = JobsClient<{}>["catalog"];
type CatalogEntry = Awaited<ReturnType<Catalog["list"]>>[number];

/** Asked before anything else, and once: a client would try again for seconds. @throws CommandError */
export async function expectServer(url: string): Promise<void> {
  const answer = URL.canParse(url) ? await fetch(`${url}/healthz`).catch(() => null) : null;
  if (answer?.ok) return;
  throw new CommandError(
    `No Beckon server answers at ${url}: start one with "npx -y pnpm@12.4.2 start", or name another with --url.`,
  );
}

/** The job with this id, and a payload to try it with. @throws CommandError naming the jobs there are */
export async function findJob(
  catalog: Catalog,
  jobId: string,
): Promise<{ readonly jobId: string; readonly firstExample: unknown }> {
  const jobs = await catalog.list();
  if (!jobs.some(({ id }) => id === jobId)) {
    throw new CommandError(`There is no job "${jobId}" on this server. It has:\n${listJobs(jobs)}`);
  }
  const { examples } = await catalog.get({ id: jobId });
  return { jobId, firstExample: examples[0]?.payload };
}

/** One line for each job. */
export function listJobs(jobs: readonly CatalogEntry[]): string {
  const width = Math.max(...jobs.map(({ id }) => id.length));
  return jobs.map(({ id, name, version }) => `  ${styleText("bold", id.padEnd(width))}  ${name} ${version}`).join("\n");
}
