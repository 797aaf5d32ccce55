import { fork } from "node:child_process";
import { fileURLToPath } from "node:url";
import type { MeasureAnswer, MeasureRequest } from "./measurement.ts";

const CHILD = fileURLToPath(new URL("measure.ts", import.meta.url));
const TIME_LIMIT_MS = 180_000;
/** How much of what a failing process said last is kept. */
const LAST_WORDS = 600;

/** Measures in a process of its own, so that nothing one leaves behind slows down the next. Aborted, it has failed. */
export function runMeasurement(request: MeasureRequest, signal?: AbortSignal): Promise<MeasureAnswer> {
  const child = fork(CHILD, [JSON.stringify(request)], {
    execArgv: ["--conditions=@beckon/source"],
    // Restate's SDK writes two lines for every call otherwise.
    env: { ...process.env, RESTATE_LOGGING: "ERROR" },
    stdio: ["ignore", "ignore", "pipe", "ipc"],
  });
  let answer: MeasureAnswer | undefined;
  let lastWords = "";
  child.on("message", (message) => {
    answer ??= message as MeasureAnswer;
  });
  child.stderr?.on("data", (chunk: Buffer) => {
    lastWords = (lastWords + chunk.toString()).slice(-LAST_WORDS);
  });
  const kill = (): void => void child.kill("SIGKILL");
  const timer = setTimeout(() => {
    lastWords += `took longer than ${TIME_LIMIT_MS / 1_000} s`;
    kill();
  }, TIME_LIMIT_MS);
  signal?.addEventListener("abort", kill);
  if (signal?.aborted === true) kill();
  return new Promise((resolve) => {
    child.on("close", (code, endedBy) => {
      clearTimeout(timer);
      signal?.removeEventListener("abort", kill);
      resolve(answer ?? { kind: "failed", reason: `ended with ${endedBy ?? code}: ${lastWords.trim()}` });
    });
  });
}
