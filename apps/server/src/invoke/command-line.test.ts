import { expect, test } from "vitest";
import { CommandError, readCommandLine } from "./command-line.ts";

const defaults = { url: "http://127.0.0.1:3000", apiKey: undefined };

test("a job, its payload, options and server are read", () => {
  const words = ["greet", '{"name":"Ada"}', "--options", '{"delay":"5s"}', "--url", "http://h:1/", "--api-key", "k"];
  expect(readCommandLine(words, defaults)).toEqual({
    asksForUsage: false,
    jobId: "greet",
    payload: { value: { name: "Ada" } },
    options: { delay: "5s" },
    url: "http://h:1",
    apiKey: "k",
  });
});

test("what is left out comes from the environment, and a payload left out is not null", () => {
  expect(readCommandLine(["greet"], { url: "http://h:2", apiKey: "env" })).toMatchObject({
    payload: undefined,
    options: {},
    url: "http://h:2",
    apiKey: "env",
  });
  expect(readCommandLine(["greet", "null"], defaults).payload).toEqual({ value: null });
});

test("an option that takes a date takes its text, as in the plain HTTP API", () => {
  const words = ["greet", "--options", '{"delay":"2030-01-01T00:00:00Z"}'];
  expect(readCommandLine(words, defaults).options).toEqual({ delay: new Date(Date.UTC(2030, 0, 1)) });
});

test.each([["--help"], ["-h"]])("whoever writes %s asks for the usage, whatever stands beside it", (word) => {
  expect(readCommandLine(["greet", "Ada", "more", word], defaults)).toMatchObject({ asksForUsage: true });
});

test("bad JSON is refused with the place, and with what the shell made of it", () => {
  expect(() => readCommandLine(["greet", "Ada"], defaults)).toThrow(CommandError);
  expect(() => readCommandLine(["greet", '{"name": Ada}'], defaults)).toThrow(
    /The payload is not JSON: .*'A'.* What arrived: \{"name": Ada\}/,
  );
  expect(() => readCommandLine(["greet", '{"a":1,\n"b" 2}'], defaults)).toThrow("line 2 column 5");
});

test("words and options that nobody knows are refused with the usage", () => {
  expect(() => readCommandLine(["greet", "{}", "more"], defaults)).toThrow(/"more" is one word too many[^]*Usage:/);
  expect(() => readCommandLine(["greet", "--loud"], defaults)).toThrow(/--loud[^]*Usage:/);
  expect(() => readCommandLine(["greet", "{}", "--options", "[]"], defaults)).toThrow("--options is not a JSON object");
});
