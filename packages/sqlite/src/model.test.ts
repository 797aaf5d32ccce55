import { describeModel, readModelOptions } from "@beckon/engine/conformance";
import { openFile } from "./testing/store-harness.ts";

describeModel("the SQLite store in a file", { open: openFile }, readModelOptions(process.env));
