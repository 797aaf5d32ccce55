import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { measurePacked } from "./packed-size.ts";

const MANIFEST = JSON.stringify({ name: "@beckon/packed", version: "1.0.0", files: ["dist", "!dist/**/*.test.js"] });

/** A package of 1,000 bytes in `dist`, where that is there, and 500 in `src`, which it does not ship. */
async function makePackage({ isBuilt }: { readonly isBuilt: boolean }): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "beckon-packed-"));
  onTestFinished(() => rm(folder, { recursive: true }));
  await writeFile(join(folder, "package.json"), MANIFEST);
  await mkdir(join(folder, "src"));
  await writeFile(join(folder, "src", "index.ts"), " ".repeat(500));
  if (!isBuilt) return folder;
  await mkdir(join(folder, "dist"));
  await writeFile(join(folder, "dist", "index.js"), " ".repeat(1_000));
  await writeFile(join(folder, "dist", "index.test.js"), " ".repeat(200));
  return folder;
}

test("what packages ship counts, and nothing else of them", async () => {
  const folders = [await makePackage({ isBuilt: true }), await makePackage({ isBuilt: true })];
  expect(measurePacked(folders)).toBe(2 * (1_000 + MANIFEST.length));
});

test("a package that is not built is refused by name", async () => {
  const folder = await makePackage({ isBuilt: false });
  expect(() => measurePacked([folder])).toThrow("@beckon/packed ships dist, which is not there: build it");
});
