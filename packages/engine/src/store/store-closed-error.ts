/** The store was closed before it could write. Nothing was written, and nothing will be through this one. */
export class StoreClosedError extends Error {
  readonly code = "STORE_CLOSED";

  constructor(message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = "StoreClosedError";
  }
}
