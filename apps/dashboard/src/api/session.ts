import { BASE_PATH } from "./base-path.ts";
import { signedIn, signedOut } from "./session-gate.ts";

/** Who is signed in. `null`: the server asks for no key. */
export interface Session {
  readonly isRequired: boolean;
  readonly role: "full" | "read" | null;
}

const PATH = `${BASE_PATH}/session`;

/** Only a server that knows of no sessions answers so; what any other failure means is not known. */
const NOT_FOUND = 404;

const NOT_KEPT =
  "The key is right, but this browser did not keep the session's cookie. Where the server's publicUrl is an https " +
  "address, browsers keep it over HTTPS only: open the dashboard at that address. Otherwise let this site keep cookies.";

/**
 * What the server knows of this browser's cookie, which another tab may have got.
 * @throws Error where it does not say, as while a gateway answers for it: what it said before still stands then
 */
export async function readSession(signal?: AbortSignal): Promise<Session> {
  const response = await fetch(PATH, { headers: { accept: "application/json" }, ...(signal && { signal }) });
  if (response.status === NOT_FOUND) return { isRequired: false, role: "full" };
  if (!response.ok) throw new Error(toldBy(response));
  const session = (await response.json()) as Session;
  if (session.role !== null) signedIn();
  return session;
}

/**
 * Trades the key for a cookie that scripts cannot read; the key is kept nowhere.
 * @throws Error saying why nobody is signed in
 */
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
  // The answer to the key says nothing of the cookie beside it, which the browser may have dropped.
  const { role } = await readSession();
  if (role === null) throw new Error(NOT_KEPT);
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
