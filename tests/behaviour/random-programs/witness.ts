/** What all executions of one program have seen: each step's value must be the same in all of them. */
export interface Witness {
  readonly problems: readonly string[];
  /** A step's value reached the program. */
  see(path: string, value: unknown): void;
  /** A step's function is called: never after its value has been seen. */
  begin(path: string): void;
}

export function createWitness(): Witness {
  const seen = new Map<string, string>();
  const problems: string[] = [];
  return {
    problems,
    see: (path, value) => {
      const text = JSON.stringify([value]);
      const before = seen.get(path) ?? text;
      if (before !== text) problems.push(`${path} was ${before} and then ${text}`);
      seen.set(path, text);
    },
    begin: (path) => {
      if (seen.has(path)) problems.push(`${path} had ended and was run again`);
    },
  };
}
