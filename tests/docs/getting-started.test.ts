import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface, type Interface } from "node:readline";
import { expect, test } from "vitest";
import { readPages } from "./pages.ts";
import { createProject } from "./project.ts";

interface Program extends AsyncDisposable {
  /** The first line that it prints and that the pattern fits. */
  readonly line: (pattern: RegExp) => Promise<RegExpExecArray>;
  readonly printed: readonly string[];
  readonly ended: Promise<unknown>;
  readonly kill: () => Promise<void>;
}

function start(folder: string, file: string, environment: Readonly<Record<string, string>>): Program {
  const [name = "", ...args] = file.split(" ");
  const child: ChildProcess = spawn(process.execPath, ["--conditions=@beckon/source", name, ...args], {
    cwd: folder,
    env: { PATH: process.env["PATH"], ...environment },
    stdio: ["ignore", "pipe", "inherit"],
  });
  const ended = once(child, "close");
  const printed: string[] = [];
  const lines: Interface = createInterface({ input: child.stdout as NodeJS.ReadableStream });
  const waiting = new Set<() => void>();
  const look = (): void => {
    for (const wake of waiting) wake();
  };
  lines.on("line", (line) => {
    printed.push(line);
    look();
  });
  const kill = async (): Promise<void> => {
    child.kill("SIGKILL");
    await ended;
  };
  const line = async (pattern: RegExp): Promise<RegExpExecArray> => {
    for (let next = 0; ; next += 1) {
      while (printed.length <= next) await new Promise<void>((wake) => waiting.add(wake));
      const found = pattern.exec(printed[next] ?? "");
      if (found !== null) return found;
    }
  };
  return { line, printed, ended, kill, [Symbol.asyncDispose]: kill };
}

test("the server of getting-started.md is killed while an order is watched, and the order goes on", async () => {
  const page = readPages().find(({ name }) => name === "getting-started");
  using project = createProject(page?.blocks ?? []);
  const folder = `${project.folder}/getting-started`;

  await using first = start(folder, "server.ts", { PORT: "0" });
  const [, url = "", port = ""] = await first.line(/ready at (http:\S+:(\d+))/);
  await using order = start(folder, "order.ts order-1", { BECKON_URL: url });
  await order.line(/"pour",1.* SUCCESS/);
  await first.kill();
  await using second = start(folder, "server.ts", { PORT: port });
  await order.ended;
  expect(order.printed.at(-1)).toBe("{ served: 3, to: 'Grace' }");
  // The first cup is finished. The second may be poured by either server, and by both where the kill comes right then.
  const [one, ...others] = [1, 2, 3].map((cup) => `Cup ${cup} is poured for Grace.`);
  const poured = [first, second].map(({ printed }) => printed.filter((text) => text.startsWith("Cup")));
  expect([...new Set(poured.flat())]).toEqual([one, ...others]);
  expect([others, others.slice(1)]).toContainEqual(poured[1]);

  await using again = start(folder, "order.ts order-1", { BECKON_URL: url });
  await again.ended;
  expect(again.printed[0]).toBe(order.printed[0]);
}, 60_000);
