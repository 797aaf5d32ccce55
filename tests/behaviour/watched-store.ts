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
