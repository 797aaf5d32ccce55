import type { Sources } from "./write-project.ts";

/** Jobs to a file, as people group them. */
const PER_FILE = 10;

/** A schema such as jobs have: some texts, a default, a date, a list, a nested object. */
function schemaOf(index: number): string {
  return `z.object({
  userId: z.string(),
  tier: z.enum(["free", "pro"]).default("free"),
  amount${index}: z.number().min(1),
  at: z.coerce.date(),
  tags: z.array(z.string()).optional(),
  address: z.object({ street: z.string(), city: z.string() }),
})`;
}

const outputOf = (index: number, payload: string): string =>
  `({ id: ${payload}.userId, total: ${payload}.amount${index} * 2, at: ${payload}.at })`;

/** Files of ten members each, and an index over them. */
function inFiles(count: number, head: string, member: (index: number) => string): Sources {
  const files = Array.from({ length: Math.ceil(count / PER_FILE) }, (_, file) => {
    const indexes = Array.from(
      { length: Math.min(PER_FILE, count - file * PER_FILE) },
      (__, offset) => file * PER_FILE + offset,
    );
    return [`part${file}.ts`, `${head}\n${indexes.map(member).join("\n")}\n`] as const;
  });
  const index = files.map(([name]) => `export * from "./${name.replace(".ts", ".js")}";`).join("\n");
  return { ...Object.fromEntries(files), "index.ts": `${index}\nexport {};\n` };
}

/** The floor: what the schema library costs, and a function that uses what a schema makes. */
export function schemasAlone(count: number): Sources {
  return inFiles(
    count,
    `import { z } from "zod";`,
    (index) => `export const schema${index} = ${schemaOf(index)};
export const run${index} = async (payload: z.output<typeof schema${index}>) => ${outputOf(index, "payload")};`,
  );
}

/** What people write without us: a procedure for each job, by hand. */
export function handWrittenRouter(count: number): Sources {
  const procedures = inFiles(
    count,
    `import { z } from "zod";\nimport { t } from "./trpc.js";`,
    (index) =>
      `export const job${index} = t.procedure.input(${schemaOf(index)}).mutation(async ({ input }) => ${outputOf(index, "input")});`,
  );
  return {
    ...procedures,
    "procedures.ts": procedures["index.ts"] ?? "",
    "trpc.ts": `import { initTRPC } from "@trpc/server";\nimport superjson from "superjson";\nexport const t = initTRPC.create({ transformer: superjson });\n`,
    "index.ts": `import * as procedures from "./procedures.js";
import { t } from "./trpc.js";
export const router = t.router({ jobs: t.router({ ...procedures }) });
export type AppRouter = typeof router;
`,
  };
}

/** The same with us: jobs, and the router derived from them. */
export function derivedRouter(count: number): Sources {
  const jobs = inFiles(
    count,
    `import { invokeTrigger } from "@beckon/core";\nimport { z } from "zod";\nimport { client } from "./client.js";`,
    (index) => `export const job${index} = client.defineJob({
  id: "job-${index}", name: "Job ${index}", version: "1.0.0",
  trigger: invokeTrigger({ schema: ${schemaOf(index)} }),
  run: async (payload) => ${outputOf(index, "payload")},
});`,
  );
  return {
    ...jobs,
    "jobs.ts": jobs["index.ts"] ?? "",
    "client.ts": `import { BeckonClient } from "@beckon/core";\nexport const client = new BeckonClient({ id: "acme" });\n`,
    "index.ts": `import { createJobRouter } from "@beckon/router";
import * as jobs from "./jobs.js";
export { jobs };
export const router = createJobRouter(jobs);
export type AppRouter = typeof router;
`,
  };
}

/** So many of the jobs a caller names. */
const CALLED = 10;

const payloadOf = (index: number): string =>
  `{ userId: "1", amount${index}: 5, at: "2026-01-01", address: { street: "Main", city: "Rome" } }`;

function calls(count: number, call: (index: number) => string): string {
  return Array.from({ length: Math.min(CALLED, count) }, (_, index) => call(Math.floor((index * count) / CALLED))).join(
    "\n",
  );
}

/** A caller of the hand-written router, by the plain tRPC client. */
export function handWrittenCaller(count: number): Sources {
  return {
    "index.ts": `import { createTRPCClient, httpBatchLink } from "@trpc/client";
import superjson from "superjson";
import type { AppRouter } from "@generated/hand";
const trpc = createTRPCClient<AppRouter>({ links: [httpBatchLink({ url: "", transformer: superjson })] });
${calls(count, (index) => `(await trpc.jobs.job${index}.mutate(${payloadOf(index)})).at satisfies Date;`)}
`,
  };
}

/** A caller of the jobs, by the typed client. */
export function typedClientCaller(count: number): Sources {
  return {
    "index.ts": `import { createJobsClient } from "@beckon/client";
import type { jobs } from "@generated/ours";
const beckon = createJobsClient<typeof jobs>({ url: "" });
${calls(count, (index) => `(await (await beckon.job${index}.invoke(${payloadOf(index)})).output()).at satisfies Date;`)}
`,
  };
}

/** A caller of the derived router, by the plain tRPC client. */
export function derivedCaller(count: number): Sources {
  return {
    "index.ts": `import { createTRPCClient, httpBatchLink } from "@trpc/client";
import superjson from "superjson";
import type { AppRouter } from "@generated/ours";
const trpc = createTRPCClient<AppRouter>({ links: [httpBatchLink({ url: "", transformer: superjson })] });
${calls(
  count,
  (index) => `{
  const { id } = await trpc.jobs.job${index}.invoke.mutate({ payload: ${payloadOf(index)} });
  const result = await trpc.jobs.job${index}.result.query({ id });
  if ("ok" in result && result.ok) result.output.at satisfies Date;
}`,
)}
`,
  };
}
