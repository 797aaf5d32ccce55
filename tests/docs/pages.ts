import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

export const ROOT = join(import.meta.dirname, "../..");

/** Where the pages are. Folders in it hold pictures. */
export const PAGES_FOLDER = join(ROOT, "docs");

/** A piece of code on a page. */
export interface Block {
  /** `operations.md:42`, for people. */
  readonly place: string;
  /** The file of the page's project that it is, or is a part of. */
  readonly file: string;
  readonly code: string;
  /** Marked `run`: executed, not only compiled. */
  readonly isRun: boolean;
  /** What it says that it prints: the texts behind its `// →`, in their order. */
  readonly printed: readonly string[];
}

export interface Page {
  /** Without `.md`. */
  readonly name: string;
  readonly text: string;
  readonly blocks: readonly Block[];
}

/*
 * The code of a page is a small project:
 *
 *   ```ts                a module of its own
 *   ```ts run            … that is executed; `// → text` says what is printed, `…` in it stands for anything
 *   ```ts file=jobs.ts   a file that other modules of the page import; blocks of one name follow each other in it
 */
const FENCED = /^```(tsx?)( [^\n]*)?\n([^]*?)^```$/gm;

export function readPages(): readonly Page[] {
  return readdirSync(PAGES_FOLDER)
    .filter((file) => file.endsWith(".md"))
    .map((file) => toPage(file.replace(/\.md$/, ""), readFileSync(join(PAGES_FOLDER, file), "utf8")));
}

/** Takes a page apart. */
export function toPage(name: string, text: string): Page {
  const blocks = [...text.matchAll(FENCED)].map((found, index) => {
    const [, language = "ts", words = "", code = ""] = found;
    const line = text.slice(0, found.index).split("\n").length;
    const file = /(?:^| )file=(\S+)/.exec(words)?.[1];
    return {
      place: `${name}.md:${line}`,
      file: `${name}/${file ?? `block-${index + 1}.${language}`}`,
      code,
      isRun: words.split(" ").includes("run"),
      printed: [...code.matchAll(/\/\/ → (.*)$/gm)].map(([, printed = ""]) => printed),
    };
  });
  return { name, text, blocks };
}
