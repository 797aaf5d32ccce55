import { describeStore } from "@beckon/engine/conformance";
import { openFile, openInMemory } from "./testing/store-harness.ts";

describeStore("the SQLite store in memory", { open: openInMemory });
describeStore("the SQLite store in a file", { open: openFile });
