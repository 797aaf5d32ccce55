import type { Engine } from "../engine.ts";
import type { SignalWrite, TaskRecord } from "../store/records.ts";
import type { MemoryStore } from "./memory-store.ts";
import { NamedChoices } from "./named-choices.ts";

/** A signal that a test sends before the run begins. */
export interface TestSignal {
  readonly name: string;
  /** With a function the id is made from that of the run, as where a job waits under its own `ctx.run.id`. */
  readonly id?: string | ((runId: string) => string) | undefined;
  readonly payload?: unknown;
}

export interface DeliveryOptions {
  readonly signals?: readonly TestSignal[] | undefined;
  readonly requests?: Readonly<Record<string, unknown>> | undefined;
}

/** What a test sends to the waits of its job from outside, and which of it was taken. */
export class ChosenDeliveries {
  readonly #signals: readonly TestSignal[];
  readonly #bodies: NamedChoices;
  readonly #store: MemoryStore;
  /** The steps that a body was sent to. */
  readonly #answered = new Set<string>();
  readonly #inVain = new Set<string>();
  #sent: readonly SignalWrite[] = [];

  constructor({ signals = [], requests }: DeliveryOptions, store: MemoryStore) {
    this.#signals = signals;
    this.#bodies = new NamedChoices(requests);
    this.#store = store;
  }

  /** To be called before anything executes: what lies there afterwards was sent here. */
  async sendSignals(runId: string, engine: Engine): Promise<void> {
    for (const { id, ...signal } of this.#signals)
      await engine.sendSignal({ ...signal, id: typeof id === "function" ? id(runId) : id });
    this.#sent = this.#store.keptSignals();
  }

  /** Sends the body that a waiting step of the tested run is there for. Resolves with whether there was one. */
  async answer(step: TaskRecord, engine: Engine): Promise<boolean> {
    if (step.wait?.kind === "signal") this.#inVain.add(describe(step.wait));
    if (step.wait?.kind !== "request" || this.#answered.has(step.id)) return false;
    const body = this.#bodies.take(step.id);
    if (body === undefined) return false;
    this.#answered.add(step.id);
    await engine.completeRequest({ token: step.wait.token, body: body.value });
    return true;
  }

  /** The signals that steps of the tested run have waited for without finding them there. */
  get inVain(): readonly string[] {
    return [...this.#inVain];
  }

  unused(): readonly string[] {
    const kept = new Set(this.#store.keptSignals());
    return [
      ...this.#sent.filter((signal) => kept.has(signal)).map(describe),
      ...this.#bodies.unused().map((name) => `request "${name}"`),
    ];
  }
}

function describe({ name, id }: { readonly name: string; readonly id: string | null }): string {
  return id === null ? `signal "${name}"` : `signal "${name}" with the id "${id}"`;
}
