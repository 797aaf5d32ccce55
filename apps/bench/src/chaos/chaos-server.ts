import { createServer } from "@beckon/server";
import { createChaosJobs } from "./chaos-jobs.ts";
import { Journal } from "./journal.ts";

/** One server of the kill loop: `chaos-server.ts DATABASE JOURNAL`. Prints its URL when it serves. */
const [database = "", journal = ""] = process.argv.slice(2);
const server = await createServer({
  jobs: createChaosJobs(new Journal(journal)),
  database,
  port: 0,
  concurrency: 20,
  dashboard: false,
});
process.stdout.write(`${server.url}\n`);
