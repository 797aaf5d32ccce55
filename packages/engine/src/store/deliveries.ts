import type { Delivery } from "./records.ts";

export interface DeliveryRequest {
  readonly workerId: string;
  readonly kind: Delivery["kind"];
  readonly limit: number;
  /** Those that the worker was given before and has not finished are counted. */
  readonly limitOfReceiver: number;
  readonly now: number;
}

export interface DeliveryVerbs {
  /**
   * Takes deliveries that are due, of jobs this worker defines, the longest due first; a dead worker's are taken over with its
   * runs. Of one receiver the worker has never more than `limitOfReceiver`: what is due for one that is full stands before nobody,
   * and is read as little as what is not due. `nextAt`: when the next is due of a receiver that is not full.
   */
  claimDeliveries(request: DeliveryRequest): Promise<{
    readonly deliveries: readonly Delivery[];
    readonly nextAt: number | null;
  }>;
  /**
   * `retryAt` null: delivered, or given up. `delivery` as it was claimed: where its run was opened again meanwhile, and has ended
   * again, that is another one, which is left as it is.
   */
  finishDelivery(request: { readonly delivery: Delivery; readonly retryAt: number | null }): Promise<void>;
}
