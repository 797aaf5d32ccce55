import { expect } from "vitest";
import type { Claim } from "../store/records.ts";
import type { Cases } from "./cases.ts";
import type { Scene } from "./scene.ts";

interface Write {
  readonly scope?: string;
  readonly key?: string;
  readonly text: string | null;
  readonly claim?: Claim | null;
}

function write(
  scene: Scene,
  { scope = "global", key = "k", text, claim = null }: Write,
): Promise<"written" | "absent" | "lost"> {
  return scene.store.writeValue({ scope, key, text, claim });
}

export const valueCases: Cases = {
  "a value is there until it is replaced or deleted": async (scene) => {
    expect(await scene.store.readValue("global", "k")).toBeNull();
    expect(await write(scene, { text: "1" })).toBe("written");
    expect(await write(scene, { text: "" })).toBe("written");
    expect(await scene.store.readValue("global", "k")).toBe("");
    expect(await write(scene, { text: null })).toBe("written");
    expect(await scene.store.readValue("global", "k")).toBeNull();
    expect(await write(scene, { text: null })).toBe("absent");
  },

  "scopes and keys do not run into each other": async (scene) => {
    await write(scene, { scope: "a", key: "b:c", text: "1" });
    await write(scene, { scope: "a:b", key: "c", text: "2" });
    await write(scene, { scope: "a", key: "B:C", text: "3" });
    expect(await scene.store.readValue("a", "b:c")).toBe("1");
    expect(await scene.store.readValue("a:b", "c")).toBe("2");
    expect(await scene.store.readValue("a", "B:C")).toBe("3");
    expect(await scene.store.readValue("b", "b:c")).toBeNull();
  },

  "values outlive every process": async (scene) => {
    await write(scene, { text: "x".repeat(256 * 1_024) });
    await scene.reopen();
    expect(await scene.store.readValue("global", "k")).toHaveLength(256 * 1_024);
  },

  "B44 a run whose claim is lost writes no value": async (scene) => {
    const run = await scene.start();
    expect(await write(scene, { text: "1", claim: run.claim })).toBe("written");
    await scene.cancel(run.run.id);
    expect(await write(scene, { text: "2", claim: run.claim })).toBe("lost");
    expect(await write(scene, { text: null, claim: run.claim })).toBe("lost");
    expect(await scene.store.readValue("global", "k")).toBe("1");
  },
};
