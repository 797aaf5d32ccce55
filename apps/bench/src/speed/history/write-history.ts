import { openSqliteStore } from "@beckon/sqlite";
import { finishRuns, openNoopWorker } from "../../scale/fill-store.ts";
import { LimitTable } from "../limit/limit-table.ts";

const [kind, path = "", countText] = process.argv.slice(2);
const count = Number(countText);
const DAY_MS = 86_400_000;

/** At NORMAL: how the file came to be is not measured. */
async function writeOurs(): Promise<void> {
  const store = await openSqliteStore({ path, durability: "normal" });
  const workerId = await openNoopWorker(store);
  await finishRuns(store, workerId, { count, since: Date.now() - DAY_MS });
  await store.closeWorker({ workerId, now: Date.now() });
  await store.close();
}

function writeLimit(): void {
  const BATCH = 1_000;
  const table = new LimitTable(path, "normal");
  for (let made = 0; made < count; made += BATCH) {
    table.together(() => {
      for (let n = 0; n < BATCH; n += 1) table.insert("noop", n);
    });
    table.together(() => {
      for (const id of table.claim(BATCH)) table.complete(id);
    });
  }
  table.close();
}

if (kind === "beckon") await writeOurs();
else writeLimit();
