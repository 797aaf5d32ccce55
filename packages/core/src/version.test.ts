import * as fc from "fast-check";
import { expect, test } from "vitest";
import { compareVersions, parseVersion } from "./version.ts";

const number = fc.bigInt({ min: 0n, max: 10n ** 30n });
const anyVersion = fc.tuple(number, number, number).map((parts) => parts.join("."));

test.each([
  "1.0",
  "v1.0.0",
  "1.0.0-beta",
  "1.0.0+5",
  "01.0.0",
  "1.0.0.0",
  "1.0.x",
  "",
  " 1.0.0",
  "1.0.0\n",
  "1.-1.0",
  "１.0.0",
])("B5 %j is no version", (text) => {
  expect(parseVersion(text)).toBeNull();
});

test("B5 versions compare by number, not as text", () => {
  expect(compareVersions("1.10.0", "1.9.0")).toBeGreaterThan(0);
  expect(compareVersions("2.0.0", "10.0.0")).toBeLessThan(0);
  expect(compareVersions("1.0.9007199254740993", "1.0.9007199254740992")).toBeGreaterThan(0);
  expect(compareVersions("1.2.3", "1.2.3")).toBe(0);
});

test("the order is total and a text that is no version comes first", () => {
  fc.assert(
    fc.property(anyVersion, anyVersion, anyVersion, (a, b, c) => {
      expect(Math.sign(compareVersions(a, b))).toBe(-Math.sign(compareVersions(b, a)) + 0);
      const [oldest = a, middle = b, newest = c] = [a, b, c].toSorted(compareVersions);
      expect(
        [compareVersions(oldest, middle), compareVersions(middle, newest), compareVersions(oldest, newest)].filter(
          (order) => order > 0,
        ),
      ).toEqual([]);
      expect(compareVersions("latest", a)).toBeLessThan(0);
    }),
  );
  expect(compareVersions("latest", "newest")).toBe(0);
});
