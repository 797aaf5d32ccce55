import { InvalidOptionError } from "@beckon/core/runtime";
import { StartError } from "@beckon/server";
import { expect, test } from "vitest";
import { toStartSentence } from "./start-sentence.ts";

test("an option is named by its variable, as are the others that its sentence speaks of", () => {
  const reason = "without an apiKey everybody may change everything: set that, too";
  expect(toStartSentence(new InvalidOptionError("readApiKey", reason), undefined)).toBe(
    "BECKON_READ_API_KEY: without BECKON_API_KEY everybody may change everything: set that, too.",
  );
  expect(toStartSentence(new InvalidOptionError("readApiKey", "it is the apiKey: choose another text"), "1")).toBe(
    "BECKON_READ_API_KEY: it is BECKON_API_KEY: choose another text.",
  );
});

test("an address that is not this machine's names HOST; what no variable changes stays as it is", () => {
  const cause = Object.assign(new Error("bind"), { code: "EADDRNOTAVAIL" });
  expect(toStartSentence(new StartError("10.0.0.1 is no address.", { cause }), undefined)).toBe(
    "10.0.0.1 is no address. HOST sets it.",
  );
  expect(toStartSentence(new StartError("The dashboard is away."), undefined)).toBe("The dashboard is away.");
});
