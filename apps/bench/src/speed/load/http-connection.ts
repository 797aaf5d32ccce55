import { once } from "node:events";
import { connect, type Socket } from "node:net";

const HEAD_END = "\r\n\r\n";

/** The least of an HTTP client, so that the sending process is never what is measured. One exchange at a time. */
export class HttpConnection {
  readonly #socket: Socket;
  #received = "";
  /** The exchange whose answer is awaited. */
  #pending: PromiseWithResolvers<void> | null = null;
  /** Why there will be no answer any more, also to what is asked later: the first cause, since others follow from it. */
  #problem: Error | null = null;

  private constructor(socket: Socket) {
    this.#socket = socket;
    socket.setEncoding("latin1");
    socket.on("data", (chunk: string) => {
      this.#received += chunk;
      this.#look();
    });
    socket.on("error", (error) => this.#fail(new Error(`the connection broke: ${error.message}`, { cause: error })));
    // "end" tells of it first, but does not come after an error; "close" always does.
    for (const event of ["end", "close"])
      socket.on(event, () => this.#fail(new Error("the server closed the connection")));
  }

  static async open(port: number): Promise<HttpConnection> {
    const socket = connect({ port, host: "127.0.0.1", noDelay: true });
    await once(socket, "connect");
    return new HttpConnection(socket);
  }

  /** Sends a request and resolves with its whole answer. @throws when it is not a 2xx, or the connection is closed */
  exchange(text: string): Promise<void> {
    if (this.#problem !== null) return Promise.reject(this.#problem);
    const pending = Promise.withResolvers<void>();
    this.#pending = pending;
    this.#socket.write(text);
    return pending.promise;
  }

  close(): void {
    this.#fail(new Error("the connection was closed by who opened it"));
    this.#socket.destroy();
  }

  #look(): void {
    const headEnd = this.#received.indexOf(HEAD_END);
    if (headEnd < 0) return;
    const head = this.#received.slice(0, headEnd);
    if (!isWhole(head, this.#received.slice(headEnd + HEAD_END.length))) return;
    const answer = this.#received;
    this.#received = "";
    if (head.startsWith("HTTP/1.1 2")) this.#take()?.resolve();
    else this.#take()?.reject(new Error(`answered with ${answer.slice(0, 300)}`));
  }

  #fail(problem: Error): void {
    this.#problem ??= problem;
    this.#take()?.reject(this.#problem);
  }

  #take(): PromiseWithResolvers<void> | null {
    const pending = this.#pending;
    this.#pending = null;
    return pending;
  }
}

function isWhole(head: string, body: string): boolean {
  const length = /content-length: (\d+)/i.exec(head)?.[1];
  return length === undefined ? body.endsWith("0\r\n\r\n") : body.length >= Number(length);
}
