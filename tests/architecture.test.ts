import { existsSync, readFileSync } from "node:fs";
import { isBuiltin } from "node:module";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { findCycle } from "./import-graph.ts";
import {
  packageNameOf,
  readRooms,
  readToolingFiles,
  resolveRelative,
  ROOT,
  stemOf,
  type Import,
  type Room,
  type SourceFile,
} from "./workspace.ts";

/** A package may import only packages of a strictly lower level. */
const LEVELS: Readonly<Record<string, number>> = {
  "packages/core": 0,
  "packages/engine": 1,
  "packages/jobs": 1,
  "packages/sqlite": 2,
  "packages/router": 2,
  "packages/server": 3,
  "packages/client": 3,
  "apps/server": 4,
  "apps/dashboard": 4,
  "apps/bench": 4,
  tests: 5,
};

const ISOMORPHIC = ["packages/core", "packages/client"];
/** Behind the condition `node` of the client's imports. */
const NODE_ALONE = /^packages\/client\/src\/node\//;
const READS_ENVIRONMENT = /^(packages\/(server|client)|apps\/[^/]+)$/;
const NEWER_THAN_NODE_22 = /^(?!\s*[*/]).*(\b(await )?using [\w$]+ =|\b(Async)?DisposableStack\b)/m;
const MAX_LINES = 300;
const MAX_README_LINES = 60;
const NAMES_WITHOUT_A_CONCEPT = /^(utils?|helpers?|commons?|types?|misc)$/;

const rooms = readRooms();
const roomByName = new Map(rooms.map((room) => [room.manifest.name, room]));
const files = rooms.flatMap((room) => room.files);
const sources = files.filter((file) => !file.isTest && /^(packages|apps)\/[^/]+\/src\//.test(file.path));

/** Fails with one line per problem, so that the report is the list of what to change. */
function expectNone(problems: readonly string[]): void {
  expect(problems.join("\n")).toBe("");
}

function levelOf(room: Room): number {
  return LEVELS[room.path] ?? Number.NaN;
}

function isRelative({ source }: Import): boolean {
  return source.startsWith(".");
}

function ownRoomOf(file: SourceFile): Room | undefined {
  return rooms.find((room) => room.path === file.room);
}

describe("the check itself", () => {
  test("sees the packages, their files and their imports", () => {
    expect(rooms.length).toBeGreaterThanOrEqual(9);
    expect(sources.flatMap((file) => file.imports).length).toBeGreaterThan(0);
    expect(readToolingFiles().map(({ path }) => path)).toContain("build/bundle-package.ts");
  });

  test("knows the level of every package", () => {
    expectNone(
      rooms
        .filter((room) => Number.isNaN(levelOf(room)))
        .map((room) => `${room.path} has no level: give it one in LEVELS and in ARCHITECTURE.md, or make it a folder.`),
    );
  });
});

describe("arrows point down", () => {
  test("in every package.json", () => {
    expectNone(
      rooms.flatMap((room) => {
        const { dependencies, devDependencies, peerDependencies, optionalDependencies } = room.manifest;
        const names = Object.keys({
          ...dependencies,
          ...peerDependencies,
          ...optionalDependencies,
          ...devDependencies,
        });
        return names.flatMap((name) => {
          const target = roomByName.get(name);
          if (!target || levelOf(target) < levelOf(room)) return [];
          return [`${room.path}/package.json depends on ${name}, which is not below it. ${howToTurn(room, target)}`];
        });
      }),
    );
  });

  test("in every import", () => {
    expectNone(
      files.flatMap((file) =>
        file.imports.flatMap(({ source }) => {
          const [own, target] = [ownRoomOf(file), roomByName.get(packageNameOf(source))];
          if (!own || !target || levelOf(target) < levelOf(own)) return [];
          return [`${file.path} imports ${source}, which is not below it. ${howToTurn(own, target)}`];
        }),
      ),
    );
  });

  test("and the client takes nothing but core, types included: whoever calls would have to install it", () => {
    const client = roomByName.get("@beckon/client");
    const isAbove = (name: string): boolean => roomByName.has(name) && !/^@beckon\/(core|client)$/.test(name);
    const { dependencies, peerDependencies, devDependencies } = client?.manifest ?? {};
    const imported = client?.files.flatMap((file) => file.imports.map(({ source }) => packageNameOf(source))) ?? [];
    expect(imported).toContain("@beckon/core");
    const named = [...imported, ...Object.keys({ ...dependencies, ...peerDependencies, ...devDependencies })];
    expectNone(named.filter(isAbove).map((name) => `packages/client names ${name}: put what it needs into core.`));
  });

  test("and no relative import leaves its package", () => {
    expectNone(
      files.flatMap((file) =>
        file.imports
          .filter((one) => isRelative(one) && !resolveRelative(file, one.source).startsWith(`${file.room}/`))
          .map(({ source }) => `${file.path} imports ${source}: import the package by its name instead.`),
      ),
    );
  });

  test("and no two files of a package import each other", () => {
    const own = new Map(
      files.map((file) => [file.path, file.imports.filter(isRelative).map((one) => resolveRelative(file, one.source))]),
    );
    const cycle = findCycle(own);
    expectNone(
      cycle
        ? [`${cycle.join(" → ")}: move what both sides need into a file below them, or hand it in as a callback.`]
        : [],
    );
  });
});

function howToTurn(from: Room, to: Room): string {
  return `Move the code down to a package that both may use, or let ${to.path} hand it to ${from.path} as a callback.`;
}

describe("what a package may use", () => {
  test("its sources import only what its dependencies declare", () => {
    expectNone(
      sources.flatMap((file) => {
        const manifest = ownRoomOf(file)?.manifest;
        const declared = { ...manifest?.dependencies, ...manifest?.peerDependencies, [manifest?.name ?? ""]: "" };
        return file.imports
          .filter((one) => !isRelative(one) && !one.isTypeOnly && !isBuiltin(one.source))
          .filter(({ source }) => !(source in (manifest?.imports ?? {})))
          .filter(({ source }) => !(packageNameOf(source) in declared))
          .map(
            ({ source }) =>
              `${file.path} imports ${source}: add it to the "dependencies" of ${file.room}/package.json.`,
          );
      }),
    );
  });

  test("no published package depends on a private one", () => {
    expectNone(
      rooms
        .filter((room) => !room.manifest.private)
        .flatMap((room) =>
          Object.keys(room.manifest.dependencies ?? {})
            .filter((name) => roomByName.get(name)?.manifest.private)
            .map((name) => `${room.path} depends on ${name}, which is not published: take its jobs as an argument.`),
        ),
    );
  });

  test("core and client use no module of Node, but for what only Node is given", () => {
    expectNone(
      sources
        .filter((file) => ISOMORPHIC.includes(file.room) && !NODE_ALONE.test(file.path))
        .flatMap((file) =>
          file.imports
            .filter(({ source }) => isBuiltin(source))
            .map(
              ({ source }) =>
                `${file.path} imports ${source}: it runs in browsers, so use the web platform or take it as an option.`,
            ),
        ),
    );
  });

  test("what only Node is given is chosen by the package's imports, and imported by no file", () => {
    const client = roomByName.get("@beckon/client");
    const chosen = Object.values(client?.manifest.imports ?? {}).flatMap((ways) => [
      ways["@beckon/source"]?.["node"],
      ways.node?.replace("./dist/", "./src/").replace(/\.js$/, ".ts"),
    ]);
    const there = sources
      .filter(({ path }) => NODE_ALONE.test(path))
      .map(({ path }) => path.replace("packages/client", "."));
    expect(new Set(chosen)).toEqual(new Set(there));
    expectNone(
      sources
        .filter((file) => file.room === "packages/client")
        .flatMap(({ path, imports }) => imports.map(({ source }) => ({ path, source })))
        .filter(({ source }) => source.includes("/node/"))
        .map(
          ({ path, source }) =>
            `${path} imports ${source}: name what it is in the "imports" of packages/client/package.json.`,
        ),
    );
  });

  test("packages speak the JavaScript of the oldest Node that they name", () => {
    const newer = sources.filter(({ path, text }) => path.startsWith("packages/") && NEWER_THAN_NODE_22.test(text));
    expectNone(newer.map(({ path }) => path));
  });

  test("the environment is read by one file of the server, the client and each app", () => {
    const readers = sources.filter((file) => /\bprocess\s*\.\s*env\b|\bprocess\s*\[\s*["']env/.test(file.text));
    const perRoom = Map.groupBy(readers, (file) => file.room);
    expectNone([
      ...readers
        .filter((file) => !READS_ENVIRONMENT.test(file.room))
        .map((file) => `${file.path} reads process.env: take the value as an option.`),
      ...[...perRoom]
        .filter(([, inRoom]) => inRoom.length > 1)
        .map(
          ([room, inRoom]) =>
            `${room} reads process.env in ${inRoom.map((file) => file.path).join(", ")}: read it in one.`,
        ),
    ]);
  });
});

describe("files", () => {
  test(`have at most ${MAX_LINES} lines`, () => {
    expectNone(
      [...files, ...readToolingFiles()]
        .filter((file) => file.lineCount > MAX_LINES)
        .map((file) => `${file.path} has ${file.lineCount} lines: ask which concept in it wants a file of its own.`),
    );
  });

  test("are named after what they hold", () => {
    expectNone(
      [...files, ...readToolingFiles()]
        .filter((file) => file.path.split("/").some((part) => NAMES_WITHOUT_A_CONCEPT.test(stemOf(part))))
        .map(
          (file) => `${file.path}: name it after the one thing it exports; if there are several, make several files.`,
        ),
    );
  });

  test("are called index.ts only at the door of a package or a subpath", () => {
    const doors = new Set(
      rooms.flatMap((room) =>
        Object.values(room.manifest.exports ?? {}).map((door) => `${room.path}/${door["@beckon/source"]?.slice(2)}`),
      ),
    );
    expectNone(
      sources
        .filter(
          (file) => /\/index\.tsx?$/.test(file.path) && file.room.startsWith("packages/") && !doors.has(file.path),
        )
        .map(
          (file) => `${file.path} is no door in ${file.room}/package.json: import the files behind it by their names.`,
        ),
    );
  });

  test(`a package with sources has a README of at most ${MAX_README_LINES} lines`, () => {
    const packagesWithSources = rooms.filter(
      (room) => room.path.startsWith("packages/") && sources.some((file) => file.room === room.path),
    );
    expectNone(
      packagesWithSources.flatMap((room) => {
        const path = join(ROOT, room.path, "README.md");
        if (!existsSync(path)) {
          return [
            `${room.path}/README.md is missing: what it is, an example, reading order, arrows, invariants, not here.`,
          ];
        }
        const lineCount = readFileSync(path, "utf8").trimEnd().split("\n").length;
        if (lineCount <= MAX_README_LINES) return [];
        return [
          `${room.path}/README.md has ${lineCount} lines: move what goes beyond the map of the package to docs/.`,
        ];
      }),
    );
  });
});
