import { NotAllowedError } from "@beckon/core/runtime";
import { isLoopback, type ServerSettings } from "../server-options.ts";
import { refuseApi } from "./refuse.ts";

/**
 * Guards a server that asks for no key because only this machine reaches it. Pages of other sites run in a browser on this
 * machine, too: one may point a name of its own at 127.0.0.1 (DNS rebinding) and then read the answers, as its own. It shows
 * itself by its Host; those that only send requests here are the page guard's.
 *
 * @returns the refusal, or null to let the request pass
 */
export function createLoopbackGuard(settings: ServerSettings): (request: Request) => Response | null {
  const { publicUrl, apiKey } = settings;
  if (apiKey !== undefined) return () => null;
  const ownHosts = new Set(publicUrl === undefined ? [] : [new URL(publicUrl).host]);
  // Nearly every request names the same one as the last, which needs no second look.
  let lastOwn: string | undefined;
  const isOwn = (host: string): boolean => {
    if (host === lastOwn) return true;
    if (!ownHosts.has(host) && !isLocalName(host)) return false;
    lastOwn = host;
    return true;
  };
  return (request) => {
    const host = request.headers.get("host") ?? "";
    if (isOwn(host)) return null;
    const message = `This server is meant for this machine, and was called as ${JSON.stringify(host)}: call it by 127.0.0.1 or localhost, or set publicUrl.`;
    return refuseApi(request, new NotAllowedError(message));
  };
}

/** With the port where it is not the usual one; null: it is no URL. */
export function hostOf(origin: string): string | null {
  return URL.canParse(origin) ? new URL(origin).host : null;
}

/** `localhost`, its subdomains, and the loopback addresses, with any port. */
function isLocalName(host: string): boolean {
  const name = host.replace(/:\d+$/, "").replace(/^\[(.*)\]$/, "$1");
  return isLoopback(name) || name.endsWith(".localhost");
}
