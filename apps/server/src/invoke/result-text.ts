import { inspect, styleText } from "node:util";
import type { RunResult } from "@beckon/core";
import type { BeckonError, DeclaredError } from "@beckon/core/runtime";
import { bare } from "./bare.ts";

/** How a run ended, for people: its output where it has one, or its error. */
export function toResultText(result: RunResult<unknown, DeclaredError>): string {
  const { executionCount, executionDurationInMs, createdAt, completedAt } = result;
  const seconds = ((completedAt.getTime() - createdAt.getTime()) / 1_000).toFixed(1);
  const facts = `after ${seconds} s, ${executionDurationInMs} ms of them at work, executed ${times(executionCount)}`;
  if (result.ok) {
    const output = result.output === undefined ? "" : `\n${show(result.output)}`;
    return `${styleText("green", result.status)} ${styleText("dim", facts)}${output}`;
  }
  return `${styleText("red", result.status)} ${styleText("dim", facts)}\n${toErrorText(result.error)}`;
}

/** Messages are `bare`: they may hold what came with a payload and a terminal takes for commands. */
function toErrorText(error: DeclaredError | BeckonError): string {
  const title = `${styleText("bold", error.code)}: ${bare(error.message)}`;
  if ("data" in error) return `${title}\n${show(error.data)}`;
  if (!("stack" in error) || error.stack === undefined) return title;
  const cause = error.cause === undefined ? "" : `\ncaused by ${bare(inspect(error.cause))}`;
  return `${title}\n${styleText("dim", bare(error.stack))}${cause}`;
}

function show(value: unknown): string {
  return inspect(value, {
    depth: null,
    colors: process.stdout.hasColors?.() ?? false,
    maxArrayLength: 200,
    breakLength: 120,
  });
}

function times(count: number): string {
  return count === 1 ? "once" : `${count} times`;
}
