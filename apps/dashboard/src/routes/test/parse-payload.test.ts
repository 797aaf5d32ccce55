import { expect, test } from "vitest";
import { parsePayload } from "./parse-payload.ts";

test("what can be sent is read", () => {
  expect(parsePayload('{"a":[1,null]}')).toEqual({ ok: true, value: { a: [1, null] }, isRich: false });
  expect(parsePayload("")).toEqual({ ok: true, value: undefined, isRich: false });
});

test.for(['{"constructor":1}', '{"a":{"__proto__":1}}', '{"json":{"at":"soon"},"meta":{"values":{"at":["Date"]}}}'])(
  "%s could not be sent, and is told so instead of being read",
  (text) => {
    expect(parsePayload(text)).toMatchObject({ ok: false, message: expect.stringContaining("cannot be stored") });
  },
);
