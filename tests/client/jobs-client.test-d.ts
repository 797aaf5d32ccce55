import type { CatalogCalls, RunCalls } from "@beckon/client";
import type { CatalogProcedures, RunProcedures } from "@beckon/router";
import { expectTypeOf } from "vitest";

/* The calls are written down in core, so that callers need no router for them: they are what the router's procedures are. */

interface AnyProcedure {
  readonly _def: { readonly $types: { readonly input: unknown; readonly output: unknown }; readonly type: string };
}

type InputOf<Procedure extends AnyProcedure> = [Procedure["_def"]["$types"]["input"]] extends [void]
  ? never
  : Procedure["_def"]["$types"]["input"];

type Answered<Procedures extends Record<keyof Procedures, AnyProcedure>> = {
  [
    Name in keyof Procedures as Procedures[Name]["_def"]["type"] extends "subscription"
      ? never
      : Exclude<Name, "result">
  ]: {
    input: InputOf<Procedures[Name]>;
    output: Procedures[Name]["_def"]["$types"]["output"];
  };
};

type Called<Calls> = {
  -readonly [Name in keyof Calls]: Calls[Name] extends (...input: infer Given) => Promise<infer Output>
    ? { input: Given extends readonly [] ? never : Given[0]; output: Output }
    : never;
};

// What is answered once. How one run ended its handle tells, and what goes on being told.
expectTypeOf<Called<RunCalls>>().toEqualTypeOf<Answered<RunProcedures>>();
expectTypeOf<Called<CatalogCalls>>().toEqualTypeOf<Answered<CatalogProcedures>>();
expectTypeOf<Exclude<keyof RunProcedures, keyof RunCalls>>().toEqualTypeOf<"events" | "follow" | "result">();
