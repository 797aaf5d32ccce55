import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";

/** A generated package: its files by name. */
export type Sources = Readonly<Record<string, string>>;

/** As strict as ours, and as libraries are checked by those who use them. */
const COMPILER_OPTIONS = {
  target: "es2024",
  lib: ["es2024", "esnext.disposable", "dom"],
  module: "nodenext",
  types: [],
  strict: true,
  exactOptionalPropertyTypes: true,
  noUncheckedIndexedAccess: true,
  skipLibCheck: true,
  rootDir: "src",
  outDir: "dist",
};

/** Writes a package of its own into `folder/packages/name` and gives that folder. */
export function writeProject(folder: string, name: string, sources: Sources): string {
  const project = join(folder, "packages", name);
  mkdirSync(join(project, "src"), { recursive: true });
  const manifest = {
    name: `@generated/${name}`,
    type: "module",
    exports: { types: "./dist/index.d.ts", default: "./dist/index.js" },
  };
  writeFileSync(join(project, "package.json"), JSON.stringify(manifest));
  writeFileSync(
    join(project, "tsconfig.json"),
    JSON.stringify({ compilerOptions: COMPILER_OPTIONS, include: ["src"] }),
  );
  for (const [file, text] of Object.entries(sources)) writeFileSync(join(project, "src", file), text);
  return project;
}
