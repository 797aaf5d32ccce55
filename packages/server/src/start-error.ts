/** Why a server did not start, in a sentence for whoever starts it. The cause is what the sentence was made from. */
export class StartError extends Error {
  readonly code = "START";

  constructor(message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = "StartError";
  }
}
