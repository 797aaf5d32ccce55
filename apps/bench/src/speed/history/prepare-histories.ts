import { fork } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const WRITER = fileURLToPath(new URL("write-history.ts", import.meta.url));
/** Finished runs in the files of W6. */
const FINISHED = 1_000_000;

export type HistoryKind = "beckon" | "limit";

/** Writes a file full of finished runs for each kind; every measurement of W6 works on a copy. */
export async function prepareHistories(
  folder: string,
  signal: AbortSignal,
): Promise<Readonly<Record<HistoryKind, string>>> {
  const paths = { beckon: join(folder, "beckon-history.db"), limit: join(folder, "limit-history.db") };
  for (const kind of ["beckon", "limit"] as const) {
    const execArgv = ["--conditions=@beckon/source"];
    const writer = fork(WRITER, [kind, paths[kind], String(FINISHED)], { execArgv, signal, killSignal: "SIGKILL" });
    const [code] = (await once(writer, "exit")) as [number | null];
    if (code !== 0) throw new Error(`writing a history of finished runs ended with ${code}`);
  }
  return paths;
}
