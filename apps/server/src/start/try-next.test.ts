import { expect, test } from "vitest";
import { toTryNext } from "./try-next.ts";

test("a server at its usual place needs no more than a job", () => {
  expect(toTryNext({ url: "http://127.0.0.1:3000", asksForKey: false })).toBe(
    "Try next: npx -y pnpm@12.4.2 invoke example-job",
  );
});

test("another place is in the command; that a key is needed is said, and the key is not", () => {
  expect(toTryNext({ url: "http://127.0.0.1:4711", asksForKey: true })).toBe(
    "Try next, with BECKON_API_KEY set as here: npx -y pnpm@12.4.2 invoke example-job --url http://127.0.0.1:4711",
  );
});
