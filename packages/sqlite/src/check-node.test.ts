import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { checkNode } from "./check-node.ts";
import { DatabaseOpenError } from "./database-errors.ts";

test.each(["20.20.2", "22.13.1", "22.9.0", "18.0.0"])("Node %s is refused before the driver ends it", (version) => {
  const sentence = `The database a.db cannot be opened: Beckon executes jobs on Node 22.14 or newer, and this is Node ${version}`;
  expect(() => checkNode("a.db", version)).toThrow(DatabaseOpenError);
  expect(() => checkNode("a.db", version)).toThrow(sentence);
});

test.each([process.versions.node, "22.14.0", "22.21.1", "24.0.0", "26.1.0-nightly"])("Node %s is fine", (version) => {
  expect(() => checkNode("a.db", version)).not.toThrow();
});

test("the oldest Node that is taken is the one of package.json", () => {
  const manifest = readFileSync(new URL("../package.json", import.meta.url), "utf8");
  const [, oldest] = /"node": ">=([\d.]+)"/.exec(manifest) ?? [];
  expect(() => checkNode("a.db", `${oldest}.0`)).not.toThrow();
  const [major = 0, minor = 0] = String(oldest).split(".").map(Number);
  expect(() => checkNode("a.db", `${major}.${minor - 1}.9`)).toThrow(`Node ${oldest} or newer`);
});
