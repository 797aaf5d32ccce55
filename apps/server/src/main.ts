import { resolve } from "node:path";
import * as jobs from "@acme/jobs";
import { OperationError } from "@beckon/core/runtime";
import { createServer, StartError } from "@beckon/server";
import { readEnvironment } from "./environment.ts";
import { toStartSentence } from "./start/start-sentence.ts";
import { toTryNext } from "./start/try-next.ts";

const { host, port, apiKey, readApiKey, database = ".beckon/beckon.db" } = readEnvironment();
try {
  const server = await createServer({
    jobs,
    database,
    host,
    port: port === undefined ? undefined : Number(port),
    apiKey,
    readApiKey,
    onError: console.error,
  });
  console.log(`Beckon is ready at ${server.url}`);
  console.log(`Runs are kept in ${resolve(database)}`);
  console.log(toTryNext({ url: server.url, asksForKey: apiKey !== undefined }));
  for (const signal of ["SIGINT", "SIGTERM"] as const) {
    process.once(signal, () => void server.stop().then(() => process.exit(0)));
  }
} catch (error) {
  // These are sentences for who starts the server; of anything else the place in the code matters.
  const isForPeople = error instanceof StartError || error instanceof OperationError;
  console.error(isForPeople ? toStartSentence(error, port) : error);
  process.exitCode = 1;
}
