import { execFile } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Block } from "./pages.ts";

const MARK = "▶ ";

/**
 * Executes blocks of a project one after the other, in one process. Gives a sentence for each that did not print
 * what its page says.
 */
export async function runBlocks(folder: string, blocks: readonly Block[]): Promise<readonly string[]> {
  const calls = blocks.map(({ place, file }) => `console.log("${MARK}${place}");\nawait import("./${file}");\n`);
  writeFileSync(join(folder, "main.ts"), calls.join(""));
  const { stdout, stderr } = await execute(folder);
  const byBlock = splitByBlock(stdout);
  return blocks.flatMap(({ place, printed }) => {
    const lines = byBlock.get(place);
    if (lines === undefined) return [`${place} was not reached.`];
    return areAsSaid(lines, printed)
      ? []
      : [`${place} printed:\n${lines.join("\n")}\nand not:\n${printed.join("\n")}\n${stderr}`];
  });
}

function execute(folder: string): Promise<{ readonly stdout: string; readonly stderr: string }> {
  return new Promise((resolve) => {
    const options = { cwd: folder, env: { PATH: process.env["PATH"] } };
    execFile(process.execPath, ["--conditions=@beckon/source", "main.ts"], options, (error, stdout, stderr) => {
      // The block at which it failed has then printed more than its page says.
      resolve({ stdout: error === null ? stdout : `${stdout}(the process failed)\n`, stderr });
    });
  });
}

function splitByBlock(stdout: string): ReadonlyMap<string, readonly string[]> {
  const parts = stdout.split(MARK).slice(1);
  return new Map(
    parts.map((part) => {
      const [place = "", ...lines] = part.trimEnd().split("\n");
      return [place, lines];
    }),
  );
}

/** Line by line; `…` stands for anything within a line. */
function areAsSaid(lines: readonly string[], printed: readonly string[]): boolean {
  if (lines.length !== printed.length) return false;
  return printed.every((text, index) => {
    const pattern = text.replaceAll(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`).replaceAll("…", ".*");
    return new RegExp(`^${pattern}$`).test(lines[index] ?? "");
  });
}
