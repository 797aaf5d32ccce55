import type { Store } from "@beckon/engine";

/** A store that says what it has done for whom, and answers when `onDone` has resolved: news of it comes before the answer. */
export function watchStore(
  real: Store,
  onDone: (verb: keyof Store, args: readonly unknown[]) => void | Promise<unknown>,
): Store {
  return new Proxy(real, {
    get: (target, name: keyof Store) => {
      const value: unknown = Reflect.get(target, name);
      if (typeof value !== "function") return value;
      return (...args: readonly unknown[]): unknown => {
        const answer: unknown = Reflect.apply(value, target, args);
        return answer instanceof Promise ? answer.then(() => onDone(name, args)).then(() => answer) : answer;
      };
    },
  });
}

export interface CountedStore {
  readonly store: Store;
  /** How often it was asked for something, whatever became of it. */
  readonly asked: () => number;
}

/** A store that counts what it is asked for. */
export function countAsked(real: Store): CountedStore {
  let asked = 0;
  const store = new Proxy(real, {
    get: (target, name: keyof Store) => {
      const value: unknown = Reflect.get(target, name);
      if (typeof value !== "function") return value;
      return (...args: readonly unknown[]): unknown => {
        asked += 1;
        return Reflect.apply(value, target, args);
      };
    },
  });
  return { store, asked: () => asked };
}
