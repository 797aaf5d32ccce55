import { setTimeout as pause } from "node:timers/promises";
import type { ChaosServer } from "./servers.ts";

interface Call {
  readonly jobId: string;
  readonly payload: unknown;
}

/** Keeps servers busy over HTTP, and remembers what they acknowledged. */
export class Load {
  readonly #servers: readonly ChaosServer[];
  readonly acknowledged = new Map<string, Call>();
  #sent = 0;
  #isStopping = false;

  constructor(servers: readonly ChaosServer[]) {
    this.#servers = servers;
  }

  get sent(): number {
    return this.#sent;
  }

  /** Calls, one after another, until `stop`. Several of these run side by side. */
  async keepCalling(): Promise<void> {
    while (!this.#isStopping) {
      this.#sent += 1;
      await this.#call(nextCall(this.#sent), `call-${this.#sent}`);
      await pause(25);
    }
  }

  stop(): void {
    this.#isStopping = true;
  }

  /** A call whose answer was lost is made again with its key, at whichever server is up: it must not make a second run. */
  async #call(call: Call, idempotencyKey: string): Promise<void> {
    for (let attempt = 0; ; attempt += 1) {
      const url = this.#servers[(this.#sent + attempt) % this.#servers.length]?.url;
      const id = url ? await invoke(url, call, idempotencyKey) : null;
      if (id !== null) {
        this.acknowledged.set(id, call);
        return;
      }
      await pause(20);
    }
  }
}

function nextCall(number: number): Call {
  switch (number % 3) {
    case 0:
      return { jobId: "family", payload: { base: number } };
    case 1:
      return { jobId: "stepper", payload: { seed: number } };
    default:
      return { jobId: "limited", payload: { value: number } };
  }
}

async function invoke(url: string, { jobId, payload }: Call, idempotencyKey: string): Promise<string | null> {
  try {
    const response = await fetch(`${url}/api/v1/jobs/${jobId}/invoke`, {
      method: "POST",
      headers: { "content-type": "application/json", "idempotency-key": idempotencyKey },
      body: JSON.stringify({ payload }),
    });
    if (response.status !== 202) throw new Error(`${response.status}: ${await response.text()}`);
    const { id } = (await response.json()) as { id: string };
    return id;
  } catch (error) {
    // A connection that broke is what this is about; an answer that refuses is a finding.
    if (error instanceof TypeError) return null;
    throw error;
  }
}
