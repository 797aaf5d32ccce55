import { join } from "node:path";
import { BULK, type Driver, type DriverContext, type JobKind, STEPS, type WorkerRequest } from "../driver.ts";
import { executeSteps } from "./limit-steps.ts";
import { LimitTable } from "./limit-table.ts";
import { TurnWriter } from "./turn-writer.ts";

/*
 * LIMIT: what the disk and better-sqlite3 allow at the most, in three forms. `commit`: every statement is a
 * commit of its own. `group`: the statements of one turn of the event loop share a commit. `fused`: completing
 * what finished and claiming what comes next share one, too.
 */
type Form = "commit" | "group" | "fused";

export async function open({ folder, variant, history }: DriverContext): Promise<Driver> {
  const [form, durability] = variant.split("-") as [Form, "full" | "normal"];
  const table = new LimitTable(history ?? join(folder, "limit.db"), durability);
  const writer = new TurnWriter(table);
  return {
    enqueue:
      form === "commit" ? async (n) => table.insert("noop", n) : (n) => writer.write(() => table.insert("noop", n)),
    enqueueMany: async (kind, count) => insertMany(table, kind, count),
    startWorker: async (request) => startWorker({ form, table, writer }, request),
    countFinished: async (kind) => table.countFinished(kind),
    roundTrip: async (_kind, n) => roundTrip(table, n),
    close: async () => table.close(),
  };
}

interface Limit {
  readonly form: Form;
  readonly table: LimitTable;
  readonly writer: TurnWriter;
}

function insertMany(table: LimitTable, kind: JobKind, count: number): void {
  for (let made = 0; made < count; made += BULK) {
    table.together(() => {
      for (let n = made; n < Math.min(count, made + BULK); n += 1) table.insert(kind, n);
    });
  }
}

/** Three commits, as the request, the claim and the completion are three things. */
async function roundTrip(table: LimitTable, n: number): Promise<void> {
  table.insert("noop", n);
  for (const id of table.claim(1)) {
    await noop();
    table.complete(id);
  }
}

/** The jobs of a drain are all of one kind. */
function startWorker(limit: Limit, request: WorkerRequest): () => Promise<unknown> {
  const { table } = limit;
  const ended = table.countQueued("steps") > 0 ? executeSteps(limit, request, STEPS) : executeNoops(limit, request);
  return () => ended;
}

function executeNoops({ form, table }: Limit, request: WorkerRequest): Promise<unknown> {
  if (form === "commit")
    return Promise.all(Array.from({ length: request.concurrency }, () => claimAlone(table, request)));
  return form === "group" ? claimTogether(table, request) : claimFused(table, request);
}

async function claimAlone(table: LimitTable, { onBegin }: WorkerRequest): Promise<void> {
  for (let [id] = table.claim(1); id !== undefined; [id] = table.claim(1)) {
    onBegin();
    await noop();
    table.complete(id);
  }
}

async function claimTogether(table: LimitTable, { concurrency, onBegin }: WorkerRequest): Promise<void> {
  for (let ids = table.claim(concurrency); ids.length > 0; ids = table.claim(concurrency)) {
    await executeAll(ids, onBegin);
    const finished = ids;
    table.together(() => completeAll(table, finished));
    await nextTurn();
  }
}

async function claimFused(table: LimitTable, { concurrency, onBegin }: WorkerRequest): Promise<void> {
  let ids = table.claim(concurrency);
  while (ids.length > 0) {
    await executeAll(ids, onBegin);
    const finished = ids;
    ids = table.together(() => {
      completeAll(table, finished);
      return table.claim(concurrency);
    });
    await nextTurn();
  }
}

function completeAll(table: LimitTable, ids: readonly string[]): void {
  for (const id of ids) table.complete(id);
}

async function executeAll(ids: readonly string[], onBegin: () => void): Promise<void> {
  await Promise.all(
    ids.map((_id) => {
      onBegin();
      return noop();
    }),
  );
}

async function noop(): Promise<void> {
  await Promise.resolve();
}

function nextTurn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
