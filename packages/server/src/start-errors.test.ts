import { mkdtemp, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { BeckonClient, invokeTrigger } from "@beckon/core";
import { DefinitionError } from "@beckon/core/runtime";
import { createMemoryStore } from "@beckon/engine/testing";
import { expect, test } from "vitest";
import { z } from "zod";
import { createServer } from "./create-server.ts";
import { StartError } from "./start-error.ts";
import { startTestServer } from "./testing/index.ts";
import { defineTestJobs } from "./testing/test-jobs.ts";

const jobs = defineTestJobs(z);
const { charge, echo } = jobs;

const client = new BeckonClient({ id: "tests" });

test("a taken port is one sentence, and nothing stays behind", async () => {
  await using first = await startTestServer({ jobs: { echo } });
  const port = Number(new URL(first.url).port);
  const store = createMemoryStore();
  const failed = createServer({ jobs: { charge }, port, database: store });
  await expect(failed).rejects.toThrow(
    new StartError(`Port ${port} on 127.0.0.1 is taken by another program: stop it, or choose another port.`),
  );
  await expect(charge.invoke({ amount: 1 })).rejects.toThrow("is not connected");
});

test("an address of another machine is one sentence", async () => {
  const failed = startTestServer({ jobs, host: "192.0.2.1", apiKey: "k" });
  await expect(failed).rejects.toThrow(
    new StartError("192.0.2.1 is no address of this machine: listen on 127.0.0.1, or on 0.0.0.0 for all addresses."),
  );
});

test("a folder that cannot be made, and a file that is no database, are one sentence each", async () => {
  const file = join(await mkdtemp(join(tmpdir(), "beckon-")), "file");
  await writeFile(file, "This is no database, and long enough that SQLite reads it as a header of one that it is not.");
  await expect(startTestServer({ jobs, database: join(file, "beckon.db") })).rejects.toThrow(StartError);
  await expect(startTestServer({ jobs, database: file })).rejects.toThrow(
    /^The database .* cannot be opened: it is not an SQLite database\.$/,
  );
});

/** A new job at each call, of one id. */
function defineTwice() {
  return client.defineJob({
    id: "twice",
    name: "Twice",
    version: "1.0.0",
    trigger: invokeTrigger(),
    run: async () => 1,
  });
}

test("B6 two different jobs with one id are named", async () => {
  await expect(startTestServer({ jobs: { one: defineTwice(), two: defineTwice() } })).rejects.toThrow(
    'Two different jobs have the id "twice"',
  );
});

/** A job under the shared limit "mailer". */
function defineMailing(id: string, limit: number) {
  return client.defineJob({
    id,
    name: "Mailing",
    version: "1.0.0",
    trigger: invokeTrigger(),
    concurrencyLimit: { id: "mailer", limit },
    run: async () => id,
  });
}

test("B40 a shared limit to which two jobs give different sizes is named, with both", async () => {
  const mailings = { invoice: defineMailing("invoice", 1), letter: defineMailing("letter", 3) };
  await expect(startTestServer({ jobs: { echo, ...mailings } })).rejects.toThrow(
    new DefinitionError(
      'Jobs "invoice" and "letter" share the concurrency limit "mailer", which is 1 in "invoice" and 3 in "letter": ' +
        "define it once with defineConcurrencyLimit, and give it to both.",
    ),
  );
});

test("B40 a shared limit that is defined again is no error, whatever its size was before", async () => {
  const store = createMemoryStore();
  for (const size of [1, 3]) {
    const mailings = { invoice: defineMailing("invoice", size), letter: defineMailing("letter", size) };
    await using server = await startTestServer({ jobs: mailings, database: store });
    expect(await (await server.jobs.letter.invoke({})).output()).toBe("letter");
  }
});

test("B8 an example that does not fit is named with its job", async () => {
  const trigger = invokeTrigger({
    schema: z.object({ n: z.number() }),
    examples: [{ id: "bad", name: "Bad", payload: { n: "1" as unknown as number } }],
  });
  const job = client.defineJob({ id: "sum", name: "Sum", version: "1.0.0", trigger, run: async () => 1 });
  await expect(startTestServer({ jobs: { job } })).rejects.toThrow(
    'Example "bad" of job "sum" does not fit its schema: payload.n',
  );
});

test.each([
  [{ databse: "x" }, 'Option "databse": there is no such option; known are jobs, database, durability, host'],
  [{ port: 70_000 }, 'Option "port": 70000 is no port'],
  [{ apiKey: "" }, 'Option "apiKey": it is empty'],
  [{ apiKey: "with space" }, 'Option "apiKey": use letters'],
  [{ port: null }, 'Option "publicUrl": a server that listens on no port'],
  [{ publicUrl: "acme.com" }, 'Option "publicUrl": "acme.com" is no http or https URL'],
  [{ concurrency: -1 }, 'Option "concurrency": -1 is no number of runs'],
  [{ retention: "soon" as "1d" }, 'Option "retention": "soon" is not a duration'],
  [{ durability: "half" as "full" }, 'Option "durability": "half" is not known'],
  [{ publicUrl: "https://acme.com/b?x=1" }, 'Option "publicUrl": "https://acme.com/b?x=1" has a "?" or "#" in it'],
  [{ publicUrl: "https://acme.com/b#top" }, 'Option "publicUrl": "https://acme.com/b#top" has a "?" or "#" in it'],
  [{ signingSecret: "" }, 'Option "signingSecret": it is empty: leave it out, or set a long random text'],
  [{ host: "", apiKey: "k" }, 'Option "host": it is empty: leave it out to listen on 127.0.0.1, or give "0.0.0.0"'],
  [{ host: "" }, 'Option "host": it is empty'],
  [
    { jobs: undefined as unknown as typeof jobs },
    'Option "jobs": expected a module of jobs or a record of them, recei',
  ],
  [{ jobs: null as unknown as typeof jobs }, "received null: import * as jobs, and hand them in"],
  [{ database: 5 as unknown as string }, 'Option "database": expected a path or a store, received 5'],
  [{ dashboard: "no" as unknown as boolean }, 'Option "dashboard": expected a boolean, received "no"'],
  [{ onError: 1 as unknown as () => void }, 'Option "onError": expected a function, received 1'],
  [
    { cors: "https://acme.com" as unknown as string[] },
    'Option "cors": expected a list of origins, received "https://',
  ],
  [{ cors: [1] as unknown as string[] }, 'Option "cors": 1 is no origin: give scheme and host as browsers send them'],
  [{ cors: ["acme.com"] }, 'Option "cors": "acme.com" is no origin'],
  [{ cors: ["localhost:3000"] }, 'Option "cors": "localhost:3000" is no origin'],
  [{ cors: ["https://acme.com/app"] }, 'Option "cors": "https://acme.com/app" is no origin'],
  [{ cors: ["null"] }, 'Option "cors": "null" stands for pages of anybody'],
  [{ cors: ["*"] }, 'Option "cors": "*" stands for pages of anybody, which could then invoke jobs: name each origin'],
  [{ cors: ["https://*.acme.com"] }, 'Option "cors": "https://*.acme.com" is a pattern: name each origin'],
])("an option that cannot be is named: %j", async (options, sentence) => {
  await expect(startTestServer({ jobs, ...options })).rejects.toThrow(sentence);
});
