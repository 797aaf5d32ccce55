import type { CatalogCalls, RunCalls } from "@beckon/client";
import type { CatalogProcedures, RunProcedures } from "@beckon/router";
import { expectTypeOf } from "vitest";

/* What the client sends is a question or a change, answered once: what goes on being told, it does not offer under `runs`. */

// A run's handle has these, but for `follow`, whose answer ends when all its runs have.
expectTypeOf<Exclude<keyof RunProcedures, keyof RunCalls>>().toEqualTypeOf<"events" | "follow" | "result">();
expectTypeOf<keyof CatalogProcedures>().toEqualTypeOf<keyof CatalogCalls>();
