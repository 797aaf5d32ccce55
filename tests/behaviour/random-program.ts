import { BeckonClient, invokeTrigger, type IO, type Job } from "@beckon/core";
import { z } from "zod";
import type { Ledger } from "./ledger.ts";

/*
 * Programs made of all that a run can do with steps and other runs, drawn by chance, and the job that carries one
 * out. What comes out of a program follows from the program alone, whatever crashes on the way.
 */

export type Program =
  | { readonly do: "task"; readonly name: string; readonly failures: number }
  | { readonly do: "wait"; readonly seconds: number }
  | { readonly do: "call"; readonly program: Program; readonly isKeyed: boolean; readonly isAwaitedLater: boolean }
  | { readonly do: "batch"; readonly programs: readonly Program[] }
  | { readonly do: "fail"; readonly message: string }
  | { readonly do: "all" | "each" | "items"; readonly programs: readonly Program[] }
  | { readonly do: "nest"; readonly program: Program };

/** A generator of numbers from 0 to below 1 that gives the same ones for the same seed. */
export function createChance(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state ^ (state >>> 15), 0x2c1b3c6d) + 0x9e3779b9) | 0;
    let mixed = Math.imul(state ^ (state >>> 12), 0x297a2d39);
    mixed ^= mixed >>> 15;
    return (mixed >>> 0) / 2 ** 32;
  };
}

export function drawProgram(chance: () => number, depth = 3): Program {
  const below = (): Program => drawProgram(chance, depth - 1);
  const some = (): Program[] => Array.from({ length: 1 + Math.floor(chance() * 3) }, below);
  const pick = chance();
  if (depth === 0 || pick < 0.2) {
    if (pick < 0.05) return { do: "fail", message: `failure ${Math.floor(chance() * 100)}` };
    if (pick < 0.1) return { do: "wait", seconds: Math.floor(chance() * 3) };
    return { do: "task", name: `t${Math.floor(chance() * 1e9)}`, failures: chance() < 0.2 ? 1 : 0 };
  }
  if (pick < 0.4) return { do: "call", program: below(), isKeyed: chance() < 0.3, isAwaitedLater: chance() < 0.4 };
  if (pick < 0.5) return { do: "batch", programs: some() };
  if (pick < 0.7) return { do: "all", programs: some() };
  if (pick < 0.9) return { do: "each", programs: some() };
  if (pick < 0.95) return { do: "items", programs: some() };
  return { do: "nest", program: below() };
}

/** What a program gives: errors are values, so that every program has an outcome. */
export function outcomeOf(program: Program): unknown {
  switch (program.do) {
    case "task":
      return program.name;
    case "wait":
      return null;
    case "fail":
      return `! ${program.message}`;
    case "call":
      return { called: outcomeOf(program.program) };
    case "batch":
      return { called: program.programs.map(outcomeOf) };
    case "nest":
      return [outcomeOf(program.program)];
    default:
      return program.programs.map(outcomeOf);
  }
}

/** How many runs carrying it out makes. */
export function countCalls(program: Program): number {
  switch (program.do) {
    case "call":
      return 1 + countCalls(program.program);
    case "batch":
      return program.programs.reduce((sum, one) => sum + 1 + countCalls(one), 0);
    case "nest":
      return countCalls(program.program);
    case "all":
    case "each":
    case "items":
      return program.programs.reduce((sum, one) => sum + countCalls(one), 0);
    default:
      return 0;
  }
}

type Interpreter = Job<Program, Program, unknown, never>;

const client = new BeckonClient({ id: "tests" });

export function defineInterpreter(ledger: Ledger): Interpreter {
  const interpreter: Interpreter = client.defineJob({
    id: "interpreter",
    name: "Interpreter",
    version: "1.0.0",
    trigger: invokeTrigger({ schema: z.custom<Program>() }),
    run: (program, io): Promise<unknown> => carryOut(program, { io, path: "p", interpreter, ledger }),
  });
  return interpreter;
}

interface Here {
  readonly io: IO;
  readonly path: string;
  readonly interpreter: Interpreter;
  readonly ledger: Ledger;
}

async function carryOut(program: Program, here: Here): Promise<unknown> {
  const { io, path } = here;
  const at = (index: number): Here => ({ ...here, path: `${path}.${index}` });
  switch (program.do) {
    case "task":
      return doTask(program, here);
    case "wait":
      await io.wait(path, program.seconds);
      return null;
    case "fail":
      return Promise.reject(new Error(program.message)).catch((error: Error) => `! ${error.message}`);
    case "call":
      return call(program, here);
    case "batch":
      return {
        called: (await here.interpreter.batchInvokeAndWait(program.programs.map((payload) => ({ payload })))).map(
          valueOf,
        ),
      };
    case "all":
      return Promise.all(program.programs.map((one, index) => carryOut(one, at(index))));
    case "each":
      return inTurn(program.programs, at);
    case "items":
      return io.parallel(path, program.programs, (one, index, inner) => carryOut(one, { ...at(index), io: inner }));
    case "nest":
      return io.runTask(path, async (_task, inner) => [await carryOut(program.program, { ...at(0), io: inner })]);
  }
}

async function inTurn(programs: readonly Program[], at: (index: number) => Here): Promise<unknown[]> {
  const values: unknown[] = [];
  for (const [index, program] of programs.entries()) values.push(await carryOut(program, at(index)));
  return values;
}

async function doTask(program: Program & { readonly do: "task" }, { io, path, ledger }: Here): Promise<unknown> {
  const retry = { limit: 3, minTimeoutInMs: 500, factor: 1, randomize: false };
  const value = await io.runTask(
    path,
    (task) => {
      ledger.note(`work ${program.name}`);
      if (task.attempt <= program.failures) throw new Error("at first it fails");
      return program.name;
    },
    { retry },
  );
  ledger.note(`kept ${program.name}`);
  return value;
}

async function call(program: Program & { readonly do: "call" }, here: Here): Promise<unknown> {
  const options = program.isKeyed ? { key: `${here.path} call` } : {};
  if (!program.isAwaitedLater)
    return { called: valueOf(await here.interpreter.invokeAndWait(program.program, options)) };
  const run = await here.interpreter.invoke(program.program, options);
  await here.io.runTask(`${here.path} meanwhile`, () => null);
  return { called: valueOf(await run.result()) };
}

function valueOf(result: Awaited<ReturnType<Interpreter["invokeAndWait"]>>): unknown {
  return result.ok ? result.output : result.error;
}
