import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { rolldown } from "rolldown";

/** What a page's bundler makes of a module in this folder. */
export async function bundle(
  source: string,
): Promise<{ readonly code: string; readonly modules: readonly string[]; readonly gzipBytes: number }> {
  const entry = join(import.meta.dirname, "page.ts");
  const build = await rolldown({
    input: entry,
    platform: "browser",
    logLevel: "silent",
    resolve: { conditionNames: ["@beckon/source", "import", "browser", "default"] },
    plugins: [
      {
        name: "page",
        load: (id) => (id === entry ? { code: source, moduleType: "ts" } : null),
        resolveId: (id) => (id === entry ? id : null),
      },
    ],
  });
  const { output } = await build.generate({ format: "esm", minify: true });
  const [{ code, moduleIds }] = output;
  return { code, modules: moduleIds, gzipBytes: gzipSync(code, { level: 9 }).length };
}
