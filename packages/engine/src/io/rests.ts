import type { Scope } from "./scope.ts";

interface Rest {
  readonly scope: Scope;
  readonly resolve: () => void;
}

/** Who waits for scopes that have failed to come to rest: for the steps that are at work in them to end. */
export class Rests {
  #open: Rest[] | undefined;

  get size(): number {
    return this.#open?.length ?? 0;
  }

  begin(scope: Scope): Promise<void> {
    return new Promise((resolve) => void (this.#open ??= []).push({ scope, resolve }));
  }

  /** Those that are at rest now go on; false: there is none. */
  resolve(isAtRest: (scope: Scope) => boolean): boolean {
    const done = this.#open?.filter(({ scope }) => isAtRest(scope)) ?? [];
    this.#open = this.#open?.filter((rest) => !done.includes(rest));
    for (const { resolve } of done) resolve();
    return done.length > 0;
  }
}
