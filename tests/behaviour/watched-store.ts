import type { Store } from "@beckon/engine";

type Call = (...args: readonly unknown[]) => unknown;

/** A store that says what it has done for whom, and answers when `onDone` has resolved: news of it comes before the answer. */
export function watchStore(
  real: Store,
  onDone: (verb: keyof Store, args: readonly unknown[]) => void | Promise<unknown>,
): Store {
  return wrapEach(real, (verb, call) => (...args) => {
    const answer = call(...args);
    return answer instanceof Promise ? answer.then(() => onDone(verb, args)).then(() => answer) : answer;
  });
}

export interface CountedStore {
  readonly store: Store;
  /** How often it was asked for something, whatever became of it. */
  readonly asked: () => number;
  /** How many listen to it. */
  readonly listeners: () => number;
}

export function countStore(real: Store): CountedStore {
  let asked = 0;
  let listeners = 0;
  const store = wrapEach(real, (verb, call) => (...args) => {
    asked += 1;
    const answer = call(...args);
    if (verb !== "subscribe") return answer;
    listeners += 1;
    return () => {
      listeners -= 1;
      (answer as () => void)();
    };
  });
  return { store, asked: () => asked, listeners: () => listeners };
}

function wrapEach(real: Store, wrap: (verb: keyof Store, call: Call) => Call): Store {
  return new Proxy(real, {
    get: (target, name: keyof Store) => {
      const value: unknown = Reflect.get(target, name);
      return typeof value === "function" ? wrap(name, (...args) => Reflect.apply(value, target, args)) : value;
    },
  });
}
