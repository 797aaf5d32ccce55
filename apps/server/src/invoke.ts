import { styleText } from "node:util";
import { createJobsClient, httpTransport } from "@beckon/client";
import type { RunResult } from "@beckon/core";
import { createRun, type DeclaredError, OperationError, remotePlace } from "@beckon/core/runtime";
import { readEnvironment } from "./environment.ts";
import { CommandError, readCommandLine, USAGE } from "./invoke/command-line.ts";
import { createEventWriter } from "./invoke/event-lines.ts";
import { expectServer, findJob, listJobs, readJobs } from "./invoke/find-job.ts";
import { toResultText } from "./invoke/result-text.ts";

/** Invokes a job of a running server, shows what happens until the run has ended, and ends as it ended. */
async function main(words: readonly string[]): Promise<void> {
  const { url, apiKey } = readEnvironment();
  const command = readCommandLine(words, { url, apiKey });
  if (command.asksForUsage) return console.log(USAGE);
  await expectServer(command.url);
  const { catalog } = createJobsClient<{}>({ url: command.url, token: command.apiKey });
  const jobs = await readJobs(catalog, command.apiKey);
  if (command.jobId === undefined) return console.log(listJobs(jobs));

  const { jobId, firstExample } = await findJob(catalog, { jobId: command.jobId, jobs });
  const transport = httpTransport({ url: command.url, apiKey: command.apiKey });
  const payload = command.payload === undefined ? firstExample : command.payload.value;
  const [runId = ""] = await transport.invoke({
    jobId,
    items: [{ payload, options: command.options }],
    isBatch: false,
  });
  const run = createRun<unknown, DeclaredError>({ jobId, runId, place: remotePlace(transport) });
  console.log(`${styleText("bold", jobId)} ${runId}`);
  const toLine = createEventWriter();
  for await (const event of run.events()) {
    const line = toLine(event);
    if (line !== null) console.log(line);
  }
  finish(await run.result());
}

function finish(result: RunResult<unknown, DeclaredError>): void {
  console.log(`\n${toResultText(result)}`);
  process.exitCode = result.ok ? 0 : 1;
}

/** A reader that has seen enough, such as `head`, closes the pipe. Other programs die of SIGPIPE then; shells tell that by this code. */
const ENDED_BY_SIGPIPE = 141;

process.stdout.on("error", (error: NodeJS.ErrnoException) => {
  if (error.code !== "EPIPE") throw error;
  process.exit(ENDED_BY_SIGPIPE);
});

try {
  await main(process.argv.slice(2));
} catch (error) {
  // These say what happened and what to do; of anything else the place in the code matters.
  const isForPeople = error instanceof CommandError || error instanceof OperationError;
  console.error(isForPeople ? error.message : error);
  process.exitCode = 1;
}
