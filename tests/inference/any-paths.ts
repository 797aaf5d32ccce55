/** A type's own name for itself: values with these are taken as they are, and not looked into. */
type Opaque = Date | RegExp | URL | Error | AbortSignal | AbortController | Uint8Array | bigint | symbol;

/**
 * The paths below a type at which it is `any`, as texts; never, when there is none. Arguments and results of
 * functions, members of promises, of iterables and of collections are looked into, five levels deep.
 */
export type AnyPaths<Type, Path extends string = "", Depth extends readonly unknown[] = []> = 0 extends 1 & Type
  ? `${Path} is any`
  : Depth["length"] extends 5
    ? never
    : Type extends Opaque
      ? never
      : Type extends (...args: infer Arguments) => infer Returned
        ? AnyPaths<Arguments, `${Path}(…)`, [...Depth, 1]> | AnyPaths<Returned, `${Path}()`, [...Depth, 1]>
        : Type extends PromiseLike<infer Value>
          ? AnyPaths<Value, `await ${Path}`, [...Depth, 1]>
          : Type extends AsyncIterable<infer Value> | ReadonlySet<infer Value>
            ? AnyPaths<Value, `${Path}[each]`, [...Depth, 1]>
            : Type extends ReadonlyMap<infer Key, infer Value>
              ? AnyPaths<Key, `${Path}[key]`, [...Depth, 1]> | AnyPaths<Value, `${Path}[value]`, [...Depth, 1]>
              : Type extends readonly unknown[]
                ? AnyPaths<Type[number], `${Path}[]`, [...Depth, 1]>
                : Type extends object
                  ? {
                      [Key in keyof Type & string]-?: AnyPaths<Type[Key], `${Path}.${Key}`, [...Depth, 1]>;
                    }[keyof Type & string]
                  : never;
