import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { readRooms, ROOT } from "./workspace.ts";

const document = readFileSync(join(ROOT, "ARCHITECTURE.md"), "utf8");
const rooms = readRooms();

/** What the tables of dependencies name in their first column. */
function readNamed(): Set<string> {
  const tables = document.slice(document.indexOf("## Dependencies"));
  const cells = [...tables.matchAll(/^\| (`[^|]*) \|/gm)].map(([, cell = ""]) => cell);
  return new Set(cells.flatMap((cell) => [...cell.matchAll(/`([^`]+)`/g)].map(([, name = ""]) => name)));
}

function readManifest(path: string): (typeof rooms)[number]["manifest"] {
  return JSON.parse(readFileSync(join(ROOT, path), "utf8"));
}

/** What the packages depend on, our own packages and the types of others aside. */
function readOutside(): Set<string> {
  // Beside the rooms: the root, and folders of tests that keep a dependency to themselves.
  const others = ["", "tests/openapi-client/", "tests/oldest-node/"].map((path) => readManifest(`${path}package.json`));
  const names = [...others, ...rooms.map(({ manifest }) => manifest)].flatMap(
    ({ dependencies, devDependencies, peerDependencies }) =>
      Object.keys({ ...dependencies, ...devDependencies, ...peerDependencies }),
  );
  return new Set(names.filter((name) => !/^@(beckon|acme|types)\//.test(name)));
}

test("ARCHITECTURE.md says of every room what it is", () => {
  expect(rooms.map(({ path }) => path).filter((path) => !document.includes(`\`${path}\``))).toEqual([]);
});

test("ARCHITECTURE.md says of every outside dependency why it is there, and names no other", () => {
  expect([...readNamed()].toSorted()).toEqual([...readOutside()].toSorted());
});
