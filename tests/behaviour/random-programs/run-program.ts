import { BeckonClient, invokeTrigger } from "@beckon/core";
import type { AnyJob, IO } from "@beckon/core";
import { AbortReason } from "@beckon/core/runtime";
import type { Op } from "./program.ts";
import type { Witness } from "./witness.ts";

const client = new BeckonClient({ id: "tests" });

const child = client.defineJob({
  id: "child",
  name: "Child",
  version: "1.0.0",
  trigger: invokeTrigger(),
  run: async ({ path, ms }: { path: string; ms: number }, io) => {
    await io.wait("pause", `${ms}ms`);
    return `child of ${path}`;
  },
});

/** Where a program is performed. `life`: of the process, whose code stops where it is once it is dead. */
interface Stage {
  readonly witness: Witness;
  readonly life: { isOver: boolean };
  readonly io: IO;
}

/** The jobs of one process. */
export function defineJobs(program: readonly Op[], witness: Witness, life: { isOver: boolean }): readonly AnyJob[] {
  const main = client.defineJob({
    id: "main",
    name: "Main",
    version: "1.0.0",
    trigger: invokeTrigger(),
    run: async (_payload, io) => {
      await perform(program, { witness, life, io });
      return "done";
    },
  });
  return [main, child];
}

async function perform(ops: readonly Op[], stage: Stage): Promise<string> {
  const values = [];
  for (const op of ops) {
    const value = await performOp(op, stage);
    if (stage.life.isOver) await new Promise<never>(() => undefined);
    stage.witness.see(op.path, value);
    values.push(value);
  }
  return JSON.stringify(values);
}

async function performOp(op: Op, stage: Stage): Promise<unknown> {
  const { io } = stage;
  switch (op.kind) {
    case "task":
      return io.runTask(op.path, () => act(op.path, stage));
    case "flaky":
      return io.runTask(op.path, ({ attempt }) => failOnce(op.path, attempt, stage), {
        retry: { limit: 3, minTimeoutInMs: 300, randomize: false },
      });
    case "fails":
      return io.runTask(op.path, () => Promise.reject(new Error(op.path))).catch(messageOf);
    case "late":
      return io.waitForSignal(op.path, "never", { id: op.path, timeout: "700ms" }).catch(messageOf);
    case "value":
      return io.uuid(op.path);
    case "log":
      return io.logger.info(op.path);
    case "wait":
      return io.wait(op.path, `${op.ms}ms`);
    case "signal":
      await io.sendSignal([op.path, "send"], op.path, { payload: op.path });
      return io.waitForSignal(op.path, op.path);
    case "child": {
      const result = await child.invokeAndWait({ path: op.path, ms: op.ms });
      return result.ok ? result.output : result.error.message;
    }
    case "nested":
      return io.runTask(op.path, async (_task, inner) => {
        await act(op.path, stage);
        return perform(op.ops, { ...stage, io: inner });
      });
    case "parallel":
      return io.parallel(op.path, op.branches, (branch, _index, inner) => perform(branch, { ...stage, io: inner }));
    case "all":
      return Promise.all(op.branches.map((branch) => performQuietly(branch, stage)));
    case "race":
      return Promise.race(op.branches.map((branch) => performQuietly(branch, stage)));
  }
}

/** What aborted the run's frame is no value of it. */
function messageOf(error: unknown): string {
  if (error instanceof AbortReason) throw error;
  return error instanceof Error ? error.message : String(error);
}

/** A branch that nothing waits for any more may reject when its run is taken away. */
function performQuietly(ops: readonly Op[], stage: Stage): Promise<string> {
  const performing = perform(ops, stage);
  performing.catch(() => undefined);
  return performing;
}

/** A side effect that takes some turns. */
async function act(path: string, { witness, life }: Stage): Promise<string> {
  if (life.isOver) await new Promise<never>(() => undefined);
  witness.begin(path);
  await new Promise((resolve) => void setImmediate(resolve));
  return `did ${path}`;
}

async function failOnce(path: string, attempt: number, stage: Stage): Promise<string> {
  const done = await act(path, stage);
  if (attempt === 1) throw new Error("once");
  return done;
}
