import { existsSync, readFileSync, readdirSync } from "node:fs";
import { basename, dirname, join, relative, resolve, sep } from "node:path";
import { parseSync } from "oxc-parser";

/** Reads the workspace as data, for the architecture test: packages, source files and what each imports. */

export const ROOT = resolve(import.meta.dirname, "..");

export interface Import {
  readonly source: string;
  /** Nothing of it is left when the program runs. */
  readonly isTypeOnly: boolean;
}

export interface SourceFile {
  /** From the root, with forward slashes. */
  readonly path: string;
  readonly room: string;
  readonly isTest: boolean;
  readonly lineCount: number;
  readonly text: string;
  readonly imports: readonly Import[];
}

interface Manifest {
  readonly name: string;
  readonly private?: boolean;
  readonly engines?: { readonly node: string };
  readonly exports?: Record<string, Record<string, string>>;
  readonly imports?: Record<string, { readonly "@beckon/source"?: Record<string, string>; readonly node?: string }>;
  readonly dependencies?: Record<string, string>;
  readonly devDependencies?: Record<string, string>;
  readonly peerDependencies?: Record<string, string>;
  readonly optionalDependencies?: Record<string, string>;
}

export interface Room {
  /** The folder, such as `packages/core`. */
  readonly path: string;
  readonly manifest: Manifest;
  readonly files: readonly SourceFile[];
}

const SKIPPED_FOLDERS = new Set(["node_modules", "dist", "reports", "coverage"]);
const FOLDERS_OF_ROOMS = new Set(["packages", "apps", "tests"]);
const SOURCE_EXTENSION = /\.(ts|tsx|mts|cts|js|jsx|mjs|cjs|css|html|sql|sh)$/;
const SCRIPT_EXTENSION = /\.(ts|tsx|mts|cts|js|jsx|mjs|cjs)$/;
const TEST = /\.(test|test-d)\.tsx?$/;

/** Every package of the workspace, with the files it holds so far. */
export function readRooms(): Room[] {
  const folders = ["packages", "apps"].flatMap((group) =>
    readdirSync(join(ROOT, group), { withFileTypes: true })
      .filter((entry) => entry.isDirectory())
      .map((entry) => `${group}/${entry.name}`),
  );
  return [...folders, "tests"].filter((path) => existsSync(join(ROOT, path, "package.json"))).map(readRoom);
}

function readRoom(path: string): Room {
  const manifest: Manifest = JSON.parse(readFileSync(join(ROOT, path, "package.json"), "utf8"));
  const files = listFiles(join(ROOT, path)).map((file) => readSourceFile(file, path));
  return { path, manifest, files };
}

/** The files that belong to no package: at the root, and in its folders. */
export function readToolingFiles(): SourceFile[] {
  return listFiles(ROOT, FOLDERS_OF_ROOMS).map((file) => readSourceFile(file, "."));
}

function listFiles(folder: string, others: ReadonlySet<string> = new Set()): string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    if (entry.name.startsWith(".") || SKIPPED_FOLDERS.has(entry.name) || others.has(entry.name)) return [];
    const path = join(folder, entry.name);
    if (entry.isDirectory()) return listFiles(path);
    return SOURCE_EXTENSION.test(entry.name) ? [path] : [];
  });
}

function readSourceFile(file: string, room: string): SourceFile {
  const text = readFileSync(file, "utf8");
  const isScript = SCRIPT_EXTENSION.test(file);
  return {
    path: fromRoot(file),
    room,
    isTest: TEST.test(file),
    lineCount: text.replace(/\n$/, "").split("\n").length,
    text: isScript ? withoutComments(file, text) : text,
    imports: isScript ? readImports(file, text) : [],
  };
}

function withoutComments(file: string, text: string): string {
  const { comments } = parseSync(file, text);
  return comments.reduceRight((kept, { start, end }) => kept.slice(0, start) + kept.slice(end), text);
}

/** Static, re-exporting and dynamic imports; a dynamic one whose name is computed is not seen. */
function readImports(file: string, text: string): Import[] {
  const { module, errors } = parseSync(file, text);
  if (errors[0]) throw new Error(`${fromRoot(file)} does not parse: ${errors[0].message}`);
  const imports = module.staticImports.map(({ start, end, moduleRequest }) => ({
    source: moduleRequest.value,
    isTypeOnly: isErased(text.slice(start, end)),
  }));
  const reexports = module.staticExports.flatMap(({ start, end, entries }) =>
    entries.flatMap(({ moduleRequest }) =>
      moduleRequest ? [{ source: moduleRequest.value, isTypeOnly: isErased(text.slice(start, end)) }] : [],
    ),
  );
  const dynamic = module.dynamicImports.flatMap(({ moduleRequest }) => {
    const literal = /^["'`](.*)["'`]$/.exec(text.slice(moduleRequest.start, moduleRequest.end));
    return literal?.[1] ? [{ source: literal[1], isTypeOnly: false }] : [];
  });
  return [...imports, ...reexports, ...dynamic];
}

/** `import { type A } from "x"` is not erased: it stays as `import {} from "x"` and loads x. */
function isErased(statement: string): boolean {
  return /^(import|export)\s+type\b/.test(statement);
}

/** The file that a relative import names, from the root. */
export function resolveRelative(from: SourceFile, source: string): string {
  return fromRoot(resolve(ROOT, dirname(from.path), source));
}

function fromRoot(file: string): string {
  return relative(ROOT, file).split(sep).join("/");
}

export function packageNameOf(source: string): string {
  const parts = source.split("/");
  return parts.slice(0, source.startsWith("@") ? 2 : 1).join("/");
}

export function stemOf(path: string): string {
  return basename(path).replace(/\..*$/, "");
}
