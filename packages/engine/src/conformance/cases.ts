import type { Scene } from "./scene.ts";

/** Facts about stores in the present tense, each with the play that proves it. */
export type Cases = Readonly<Record<string, (scene: Scene) => Promise<void>>>;
