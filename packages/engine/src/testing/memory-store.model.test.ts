import { describeModel, readModelOptions } from "../conformance/index.ts";
import { openMemory } from "./memory-harness.ts";

describeModel("the in-memory store", { open: openMemory }, readModelOptions(process.env));
