import { writeSync } from "node:fs";
import { bindJob } from "@beckon/core/runtime";
import { createEngine } from "@beckon/engine";
import { openSqliteStore } from "@beckon/sqlite";
import { marksOf } from "./child-server.ts";
import { packing } from "./marked-jobs.ts";

/* A process that dies in the moment in which its invoke is acknowledged. */

const [, , path = ""] = process.argv;
const store = await openSqliteStore({ path });
const engine = createEngine({ store, jobs: [packing], concurrency: 0 });
await engine.start();
const { id } = await bindJob(packing, engine.transport).invoke({ name: "ada", marks: marksOf(path) });
writeSync(1, `${id}\n`);
process.kill(process.pid, "SIGKILL");
