import { execFile } from "node:child_process";
import { mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { type Block, ROOT } from "./pages.ts";

/** The code of pages as the project of somebody who uses the packages: a folder outside of this workspace. */
export interface Project extends Disposable {
  readonly folder: string;
  /** What the compiler says about the project's own files; empty: nothing. */
  compile(): Promise<string>;
}

/** Rooms whose dependencies are what a user of the packages may have installed. */
const INSTALLED_IN = ["tests", "packages/server", "packages/jobs", "packages/sqlite"];

const CONFIG = {
  extends: join(ROOT, "tsconfig.base.json"),
  compilerOptions: { lib: ["es2024", "esnext.disposable", "dom", "dom.iterable"], jsx: "react-jsx" },
  include: ["."],
};

export function createProject(blocks: readonly Pick<Block, "file" | "code">[]): Project {
  const folder = mkdtempSync(join(tmpdir(), "beckon-docs-"));
  for (const [file, parts] of Map.groupBy(blocks, (block) => block.file)) {
    mkdirSync(dirname(join(folder, file)), { recursive: true });
    writeFileSync(join(folder, file), parts.map(({ code }) => code).join("\n"));
  }
  writeFileSync(join(folder, "package.json"), JSON.stringify({ name: "docs", type: "module" }));
  writeFileSync(join(folder, "tsconfig.json"), JSON.stringify(CONFIG));
  for (const room of INSTALLED_IN) linkPackages(join(ROOT, room, "node_modules"), join(folder, "node_modules"));
  linkPackages(join(ROOT, "node_modules"), join(folder, "node_modules"));
  return {
    folder,
    compile: () => compile(folder),
    [Symbol.dispose]: () => rmSync(folder, { recursive: true }),
  };
}

function linkPackages(from: string, to: string): void {
  mkdirSync(to, { recursive: true });
  for (const { name } of readdirSync(from, { withFileTypes: true })) {
    if (name.startsWith(".")) continue;
    if (name.startsWith("@")) linkPackages(join(from, name), join(to, name));
    else if (!readdirSync(to).includes(name)) symlinkSync(join(from, name), join(to, name));
  }
}

function compile(folder: string): Promise<string> {
  const compiler = join(ROOT, "node_modules/typescript/bin/tsc");
  return new Promise((resolve, reject) => {
    execFile(process.execPath, [compiler, "-p", ".", "--pretty", "false"], { cwd: folder }, (error, stdout, stderr) => {
      if (error === null || stdout !== "") resolve(linesOfProject(stdout));
      else reject(new Error(`The compiler did not start: ${error.message}\n${stderr}`));
    });
  });
}

/** The packages' sources are compiled along, and have a check of their own. */
function linesOfProject(output: string): string {
  const lines = output.split("\n").filter((line) => /^(?![./])\S+\(\d|^error/.test(line));
  return lines.join("\n");
}
