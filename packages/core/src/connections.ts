import { NotConnectedError } from "./errors.ts";
import type { Transport } from "./transport.ts";

/** The transports that a job's calls may take. */
export interface Connections {
  /** Put there by the servers that run the job. */
  readonly own: Set<Transport>;
  /** Put there by `client.connect`, and shared by all jobs of the client. */
  readonly ofClient: Set<Transport>;
}

/** On globalThis, because two copies of this package must share one slot. */
const DEFAULT_SLOT = Symbol.for("beckon.default-transport");

/** Sets the transport for jobs that have no other: what `@beckon/client/env` does. */
export function setDefaultTransport(transport: Transport | undefined): void {
  Reflect.set(globalThis, DEFAULT_SLOT, transport);
}

/** The one transport of a job. @throws NotConnectedError when there is none, or more than one. */
export function connectedTransport(jobId: string, connections: Connections): Transport {
  const transports = [...new Set([...connections.own, ...connections.ofClient])];
  const [transport = Reflect.get(globalThis, DEFAULT_SLOT) as Transport | undefined] = transports;
  if (transport === undefined) {
    throw new NotConnectedError(
      `Job "${jobId}" is not connected: start a server that runs it with createServer({ jobs }), ` +
        "call client.connect(httpTransport({ url, apiKey })) from @beckon/client, " +
        'or import "@beckon/client/env" with BECKON_URL set.',
    );
  }
  if (transports.length > 1) {
    const names = transports.map(({ description }) => description).join(" and ");
    throw new NotConnectedError(
      `Job "${jobId}" is connected to ${names}: call it through server.jobs of the one you mean.`,
    );
  }
  return transport;
}
