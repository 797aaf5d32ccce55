/** What a test chose for steps of its job, by the names that it writes them with, and what of it was asked for. */
export class NamedChoices {
  readonly #choices: ReadonlyMap<string, unknown>;
  readonly #used = new Set<string>();

  constructor(choices: Readonly<Record<string, unknown>> = {}) {
    this.#choices = new Map(Object.entries(choices));
  }

  /** What was chosen for the step of this id, which may be undefined. Its id itself counts before a name that reads like it. */
  take(stepId: string): { readonly value: unknown } | undefined {
    const name = [stepId, toStepName(stepId)].find((written) => this.#choices.has(written));
    if (name === undefined) return undefined;
    this.#used.add(name);
    return { value: this.#choices.get(name) };
  }

  /** The names of what nobody asked for. */
  unused(): readonly string[] {
    return [...this.#choices.keys()].filter((name) => !this.#used.has(name));
  }
}

/** A step by its keys as people write them: the id without what `io/step-id.ts` escapes in it. */
export function toStepName(stepId: string): string {
  return stepId.split("/").map(toWrittenKey).join("/");
}

function toWrittenKey(segment: string): string {
  const text = segment.startsWith("~2") ? `[${segment.slice(2)}` : segment;
  return text.replaceAll(/~(?:[01]|3[\da-f]{4})/g, unescape);
}

function unescape(escaped: string): string {
  if (escaped.startsWith("~3")) return String.fromCharCode(Number.parseInt(escaped.slice(2), 16));
  return escaped === "~1" ? "/" : "~";
}
