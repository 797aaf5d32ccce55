import { styleText } from "node:util";
import type { JobsClient } from "@beckon/client";
import { NotAllowedError } from "@beckon/core/runtime";
import { CommandError } from "./command-line.ts";

type Catalog = JobsClient<{}>["catalog"];
type CatalogEntry = Awaited<ReturnType<Catalog["list"]>>[number];

/** Asked before anything else, and once: a client would try again for seconds. @throws CommandError */
export async function expectServer(url: string): Promise<void> {
  if (!/^https?:/i.test(url) || !URL.canParse(url)) {
    throw new CommandError(`${JSON.stringify(url)} is no URL of a server: name one such as http://127.0.0.1:3000.`);
  }
  const answer = await fetch(`${url}/healthz`).catch(() => null);
  if (answer?.ok) return;
  throw new CommandError(
    `No Beckon server answers at ${url}: start one with "npx -y pnpm@12.4.2 start", or name another with --url.`,
  );
}

/** The jobs there are. Looking is what every key allows, so that a refusal is about the key itself. @throws CommandError */
export async function readJobs(catalog: Catalog, apiKey: string | undefined): Promise<readonly CatalogEntry[]> {
  try {
    return await catalog.list();
  } catch (error) {
    if (!(error instanceof NotAllowedError)) throw error;
    throw new CommandError(
      apiKey === undefined
        ? "This server asks for its key: give it with --api-key, or set BECKON_API_KEY."
        : "The key is not this server's: check --api-key, or BECKON_API_KEY where that is left out.",
    );
  }
}

interface SoughtJob {
  readonly jobId: string;
  readonly jobs: readonly CatalogEntry[];
}

/** The job with this id, and a payload to try it with. @throws CommandError naming the jobs there are */
export async function findJob(
  catalog: Catalog,
  { jobId, jobs }: SoughtJob,
): Promise<{ readonly jobId: string; readonly firstExample: unknown }> {
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
