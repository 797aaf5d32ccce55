import { mkdirSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { buildPackages, compile } from "./built-packages.ts";
import * as sources from "./generate-sources.ts";
import { measure } from "./measure.ts";
import { type Sources, writeProject } from "./write-project.ts";

const JOBS = 50;

/* Instantiations, because a machine's load does not change them; `pnpm bench:types` measures the time, too. */

test(
  "a job costs the compiler little more than its schema, and a caller pays for the jobs it names",
  { timeout: 60_000 },
  () => {
    using packages = buildPackages();
    const write = (name: string, files: Sources): string => writeProject(packages.folder, name, files);
    const ours = write("ours", sources.derivedRouter(JOBS));
    compile(["-p", ours, "--declaration", "--emitDeclarationOnly"]);
    mkdirSync(join(packages.folder, "node_modules/@generated"));
    symlinkSync(ours, join(packages.folder, "node_modules/@generated/ours"));
    const projects = [
      ours,
      write("schemas", sources.schemasAlone(JOBS)),
      write("hand", sources.handWrittenRouter(JOBS)),
      write("caller", sources.typedClientCaller(JOBS)),
    ];
    const [author = 0, schemas = 0, hand = 0, caller = 0] = measure(projects, 1).map(
      (cost) => cost.instantiations / JOBS,
    );
    expect(author).toBeLessThan(1_100);
    expect(author / schemas).toBeLessThan(1.9);
    expect(author / hand).toBeLessThan(0.6);
    expect(caller / hand).toBeLessThan(0.3);
  },
);
