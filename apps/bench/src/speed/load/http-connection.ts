import { once } from "node:events";
import { connect, type Socket } from "node:net";

const HEAD_END = "\r\n\r\n";

/** The least of an HTTP client, so that the sending process is never what is measured. */
export class HttpConnection {
  readonly #socket: Socket;
  #received = "";
  #onAnswer: ((problem: Error | null) => void) | null = null;

  private constructor(socket: Socket) {
    this.#socket = socket;
    socket.setEncoding("latin1");
    socket.on("data", (chunk: string) => {
      this.#received += chunk;
      this.#look();
    });
    socket.on("close", () => this.#onAnswer?.(new Error("the server closed the connection")));
  }

  static async open(port: number): Promise<HttpConnection> {
    const socket = connect({ port, host: "127.0.0.1", noDelay: true });
    await once(socket, "connect");
    return new HttpConnection(socket);
  }

  /** Sends a request and resolves with its whole answer. @throws when it is not a 2xx */
  exchange(text: string): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#onAnswer = (problem) => (problem === null ? resolve() : reject(problem));
      this.#socket.write(text);
    });
  }

  close(): void {
    this.#onAnswer = null;
    this.#socket.destroy();
  }

  #look(): void {
    const headEnd = this.#received.indexOf(HEAD_END);
    if (headEnd < 0) return;
    const head = this.#received.slice(0, headEnd);
    if (!isWhole(head, this.#received.slice(headEnd + HEAD_END.length))) return;
    const answer = this.#received;
    this.#received = "";
    const isGood = head.startsWith("HTTP/1.1 2");
    this.#onAnswer?.(isGood ? null : new Error(`answered with ${answer.slice(0, 300)}`));
  }
}

function isWhole(head: string, body: string): boolean {
  const length = /content-length: (\d+)/i.exec(head)?.[1];
  return length === undefined ? body.endsWith("0\r\n\r\n") : body.length >= Number(length);
}
