/** The store could not write, and trying again later may help: the disk is full, the file is locked. Nothing was written. */
export class StoreUnavailableError extends Error {
  readonly code = "STORE_UNAVAILABLE";

  constructor(message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = "StoreUnavailableError";
  }
}
