import { writeSync } from "node:fs";
import { createEngine } from "@beckon/engine";
import { openSqliteStore } from "@beckon/sqlite";
import { markedFamilies } from "./marked-families.ts";
import { markedJobs } from "./marked-jobs.ts";

/* A server's process for tests that kill it: it serves the marked jobs over the database named as its argument. */

const [, , path = ""] = process.argv;
const store = await openSqliteStore({ path });
const engine = createEngine({ store, jobs: [...markedJobs, ...markedFamilies] });
await engine.start();
writeSync(1, "ready\n");
process.stdin.resume().on("end", () => void engine.stop({ timeoutMs: 5_000 }).then(() => process.exit(0)));
