import type { Store, WorkerJob } from "../../store/store.ts";
import type { OpenedStore } from "../store-harness.ts";
import { JOB_IDS, LIMITS, type Model } from "./model.ts";

/** The store under test, as two processes see it: each with an instance and a worker of its own. */
export class Playground {
  readonly desks: { store: Store; workerId: string }[] = [];
  readonly #opened: OpenedStore;
  #workers = 0;
  #ids = 0;

  private constructor(opened: OpenedStore) {
    this.#opened = opened;
  }

  static async open(opened: OpenedStore, model: Model): Promise<Playground> {
    const real = new Playground(opened);
    await real.#openDesks([opened.store, await opened.openPeer()], model);
    return real;
  }

  desk(index: number): { readonly store: Store; readonly workerId: string } {
    return this.desks[index % this.desks.length] as { store: Store; workerId: string };
  }

  mintId(prefix: string): string {
    this.#ids += 1;
    return `${prefix}_${String(this.#ids).padStart(8, "0")}`;
  }

  limitOf(id: keyof typeof LIMITS | null): { readonly id: string; readonly max: number } | null {
    return id === null ? null : { id, max: LIMITS[id] };
  }

  /** A worker comes once more, with what its jobs are by now. */
  async redeploy(index: number, model: Model): Promise<void> {
    const { store, workerId } = this.desk(index);
    await store.openWorker({ workerId, jobs: this.#jobsOf(model), now: model.now });
    model.open(workerId);
  }

  /** One worker dies; another begins at its desk. */
  async crash(index: number, model: Model): Promise<void> {
    const desk = this.desks[index % this.desks.length] as { store: Store; workerId: string };
    await this.#opened.abandonWorker(desk.store, desk.workerId);
    model.liveWorkers.delete(desk.workerId);
    desk.workerId = await this.#openWorker(desk.store, model);
  }

  /** Every process dies; two others begin. */
  async restart(model: Model): Promise<void> {
    model.liveWorkers.clear();
    const store = await this.#opened.reopen();
    await this.#openDesks([store, await this.#opened.openPeer()], model);
  }

  async #openDesks(stores: readonly Store[], model: Model): Promise<void> {
    this.desks.length = 0;
    for (const store of stores) this.desks.push({ store, workerId: await this.#openWorker(store, model) });
  }

  async #openWorker(store: Store, model: Model): Promise<string> {
    this.#workers += 1;
    const workerId = `worker-${this.#workers}`;
    await store.openWorker({ workerId, jobs: this.#jobsOf(model), now: model.now });
    model.open(workerId);
    return workerId;
  }

  #jobsOf(model: Model): readonly WorkerJob[] {
    const facts = { version: "1.0.0", isEnabled: true };
    return JOB_IDS.map((id) => ({ id, name: id, ...facts, limit: this.limitOf(model.jobLimits.get(id) ?? null) }));
  }
}
