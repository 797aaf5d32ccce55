import { expect, test } from "vitest";
import { Scope } from "./scope.ts";

function taskIn(parent: Scope, id: string, attempt: number): Scope {
  return new Scope({ id, parent, kind: "task", attempts: { run: 3, task: attempt } });
}

test("messages are counted by the attempts of the run, of the task, and of the tasks around it", () => {
  const run = new Scope({ id: null, parent: null, kind: "run", attempts: { run: 3 } });
  const outer = taskIn(run, "outer", 2);
  const item = new Scope({ id: "outer/items/0", parent: outer, kind: "branch", attempts: { run: 3 } });
  expect(run.logScope).toBe("run@3");
  expect(outer.logScope).toBe("outer@3.2");
  expect(item.logScope).toBe("outer/items/0@3.2");
  expect(taskIn(item, "outer/items/0/inner", 1).logScope).toBe("outer/items/0/inner@3.2.1");
});

test("of tasks around that are in their first attempts nothing is said, as in the runs of servers that never said it", () => {
  const run = new Scope({ id: null, parent: null, kind: "run", attempts: { run: 1 } });
  const outer = new Scope({ id: "a", parent: run, kind: "task", attempts: { run: 1, task: 1 } });
  const middle = new Scope({ id: "a/b", parent: outer, kind: "task", attempts: { run: 1, task: 1 } });
  const innermost = { id: "a/b/c", parent: middle, kind: "task", attempts: { run: 1, task: 4 } } as const;
  expect(new Scope(innermost).logScope).toBe("a/b/c@1.4");
  const later = new Scope({ id: "a/b", parent: outer, kind: "task", attempts: { run: 1, task: 2 } });
  expect(new Scope({ ...innermost, parent: later }).logScope).toBe("a/b/c@1.1.2.4");
});
