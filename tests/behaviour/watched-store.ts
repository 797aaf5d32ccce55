import type { Store } from "@beckon/engine";

/** A store that says what it was asked, after it was asked and in the same turn. */
export function watchStore(real: Store, onCall: (verb: keyof Store, args: readonly unknown[]) => void): Store {
  return new Proxy(real, {
    get: (target, name: keyof Store) => {
      const value: unknown = Reflect.get(target, name);
      if (typeof value !== "function") return value;
      return (...args: readonly unknown[]): unknown => {
        const answer: unknown = Reflect.apply(value, target, args);
        onCall(name, args);
        return answer;
      };
    },
  });
}
