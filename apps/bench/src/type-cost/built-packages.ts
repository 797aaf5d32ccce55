import { spawnSync } from "node:child_process";
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";

const ROOT = resolve(import.meta.dirname, "../../../..");

/** In the order of their arrows. */
const PACKAGES = ["core", "engine", "router", "client"];

/** The compiler that the repository uses. */
const TSC = join(ROOT, "node_modules/.bin/tsc");

/** A folder in which our packages are installed as their users have them: declarations, and no sources. */
export interface BuiltPackages extends Disposable {
  readonly folder: string;
}

/** Builds the packages, and `more` of them, into a temporary folder; the repository's own stay as they are. */
export function buildPackages(more: readonly string[] = []): BuiltPackages {
  const names = [...PACKAGES, ...more];
  const { folder, ...built } = makeFolder();
  for (const name of ["bench", ...names]) linkDependencies(folder, name);
  for (const name of names) buildPackage(folder, name);
  return { folder, ...built };
}

/** A folder in which only `names` can be imported, as with pnpm: what these depend on is not beside them. */
export function installStrictly({ folder: built }: BuiltPackages, names: readonly string[]): BuiltPackages {
  const { folder, ...strict } = makeFolder();
  for (const name of names) link(realpathSync(join(built, "node_modules", name)), join(folder, "node_modules", name));
  return { folder, ...strict };
}

function makeFolder(): BuiltPackages {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), "beckon-types-")));
  return { folder, [Symbol.dispose]: () => rmSync(folder, { recursive: true }) };
}

function linkDependencies(folder: string, name: string): void {
  const source = join(ROOT, name === "bench" ? "apps" : "packages", name, "node_modules");
  for (const dependency of listDependencies(source).filter((one) => !one.startsWith("@beckon/"))) {
    link(realpathSync(join(source, dependency)), join(folder, "node_modules", dependency));
  }
  link(realpathSync(join(ROOT, "node_modules/@types/node")), join(folder, "node_modules/@types/node"));
}

function listDependencies(nodeModules: string): string[] {
  return readdirSync(nodeModules)
    .filter((name) => !name.startsWith("."))
    .flatMap((name) =>
      name.startsWith("@") ? readdirSync(join(nodeModules, name)).map((part) => `${name}/${part}`) : [name],
    );
}

function link(target: string, path: string): void {
  if (existsSync(path)) return;
  mkdirSync(dirname(path), { recursive: true });
  symlinkSync(target, path);
}

function buildPackage(folder: string, name: string): void {
  const source = join(ROOT, "packages", name);
  const target = join(folder, "packages", name);
  cpSync(join(source, "src"), join(target, "src"), { recursive: true });
  cpSync(join(source, "package.json"), join(target, "package.json"));
  writeFileSync(join(target, "tsconfig.json"), JSON.stringify({ extends: join(source, "tsconfig.build.json") }));
  // Whether our own sources hold is checked elsewhere.
  compile(["-p", target, "--noCheck", "--declarationMap", "false", "--sourceMap", "false"]);
  rmSync(join(target, "src"), { recursive: true });
  link(target, join(folder, "node_modules/@beckon", name));
}

/** Runs the compiler. @throws with what it printed, when there are errors */
export function compile(options: readonly string[]): string {
  const { status, stdout, stderr } = spawnSync(TSC, options, { encoding: "utf8", maxBuffer: 64 * 1024 * 1024 });
  if (status === 0) return stdout;
  throw new Error(`tsc ${options.join(" ")} found errors:\n${stdout}${stderr}`);
}

/** The errors in a project's `index.ts`, by line, with all that the compiler says of each. */
export function findErrors(project: string): { readonly line: number; readonly message: string }[] {
  const { stdout } = spawnSync(TSC, ["-p", project, "--noEmit", "--pretty", "false"], { encoding: "utf8" });
  return stdout.split(/^(?=\S*index\.ts\()/m).map((report) => {
    const [, line = "0"] = /index\.ts\((\d+),/.exec(report) ?? [];
    return { line: Number(line), message: report };
  });
}
