import { expect, test, vi } from "vitest";
import { bigintText, dateText, jsonText } from "./text-forms.ts";

test("a date keeps its second in the days before standard time, and its year while that is typed", () => {
  vi.stubEnv("TZ", "Europe/Amsterdam");
  for (const text of ["0002-03-04T10:00:00", "0199-03-04T10:00:00", "1912-06-23T10:00:07", "2024-02-29T23:59:59"]) {
    const read = dateText.read(text);
    expect(read.ok && dateText.write(read.value)).toBe(text);
  }
  vi.unstubAllEnvs();
});

test("a date that the field cannot show is shown as none, which can be read", () => {
  expect(dateText.write(new Date(Date.UTC(12_345, 5)))).toBe("");
  expect(dateText.read("12345-01-01T10:00").ok).toBe(false);
  expect(dateText.read("")).toEqual({ ok: true, value: undefined });
});

test("a bigint is read with its sign, and what is only its beginning is told", () => {
  expect(bigintText.read("-5")).toEqual({ ok: true, value: -5n });
  expect(bigintText.read(" 9007199254740993 ")).toEqual({ ok: true, value: 9_007_199_254_740_993n });
  expect(bigintText.read("-").ok).toBe(false);
  expect(bigintText.write(-5n)).toBe("-5");
});

test("a value that is written as JSON is read as itself", () => {
  const read = jsonText.read(jsonText.write({ at: new Date(5) }));
  expect(read).toMatchObject({ ok: true, value: { at: new Date(5) } });
  expect(jsonText.read("{").ok).toBe(false);
});
