import { expect, test } from "vitest";
import { packageNameOf, readRooms } from "./workspace.ts";

test("tRPC is that of whoever installs the packages: its envelopes and its types are those of one copy", () => {
  const takers = readRooms().filter(
    ({ files, manifest }) =>
      manifest.private !== true &&
      files.some(
        ({ isTest, imports }) => !isTest && imports.some((one) => packageNameOf(one.source) === "@trpc/server"),
      ),
  );
  expect(takers.map(({ path }) => path)).toEqual(["packages/router", "packages/server"]);
  for (const { manifest } of takers) {
    expect(manifest.dependencies).not.toHaveProperty("@trpc/server");
    expect(manifest.peerDependencies).toHaveProperty("@trpc/server", "^11.4.0");
  }
});
