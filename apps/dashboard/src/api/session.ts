import { BASE_PATH } from "./base-path.ts";
import { signedIn, signedOut } from "./session-gate.ts";

/** Who is signed in. `null`: the server asks for no key. */
export interface Session {
  readonly isRequired: boolean;
  readonly role: "full" | "read" | null;
}

const PATH = `${BASE_PATH}/session`;

/** What the server knows of this browser's cookie, which another tab may have got. */
export async function readSession(signal: AbortSignal): Promise<Session> {
  const response = await fetch(PATH, { headers: { accept: "application/json" }, signal });
  if (!response.ok) return { isRequired: false, role: "full" };
  const session = (await response.json()) as Session;
  if (session.role !== null) signedIn();
  return session;
}

/** Trades the key for a cookie that scripts cannot read; the key is kept nowhere. @throws Error with the server's sentence */
export async function signIn(key: string): Promise<void> {
  const response = await fetch(PATH, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ key }),
  });
  if (!response.ok) {
    const body = (await response.json()) as { readonly error?: { readonly message?: string } };
    throw new Error(body.error?.message ?? toldBy(response));
  }
  signedIn();
}

/** @throws Error when the server did not take the cookie back: the browser still has it. */
export async function signOut(): Promise<void> {
  const response = await fetch(PATH, { method: "DELETE" });
  if (!response.ok) throw new Error(toldBy(response));
  signedOut();
}

function toldBy({ status }: Response): string {
  return `The server answered with status ${status}.`;
}
