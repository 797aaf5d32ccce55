/** A process behind a system under measurement, on this machine. */
export interface Service {
  readonly url: string;
  readonly version: string;
  readonly stop: () => Promise<void>;
}
