import { createHash } from "node:crypto";
import { NotAllowedError } from "@beckon/core/runtime";
import { TRPCError } from "@trpc/server";
import type { Context, Hono } from "hono";
import { deleteCookie, getCookie, getSignedCookie, setSignedCookie } from "hono/cookie";
import type { ServerSettings } from "../server-options.ts";
import { readPlainBody, writeBody } from "./api-body.ts";
import { refuseApi } from "./refuse.ts";
import { type Role, roleOfKey } from "./roles.ts";

/*
 * People sign in to the dashboard with the key once. What the browser then keeps is a cookie that no script reads,
 * that goes to no other site, and that says only the role and until when; it is signed with a secret made from the
 * keys, so it survives a restart and is worth nothing once a key is changed.
 */

const SESSION_S = 12 * 3_600;

/** The role of the request's session; null when there is none, or it is over. Whose page sends it, `isOwnPage` tells. */
export async function roleOfSession(c: Context, settings: ServerSettings): Promise<Role | null> {
  const text = await getSignedCookie(c, secretOf(settings), nameOf(settings));
  const [, role, end] = /^(full|read)\.(\d+)$/.exec(text === undefined || text === false ? "" : text) ?? [];
  if (role === undefined || Number(end) <= nowOf(settings)) return null;
  return role as Role;
}

/** Signing in and out, and who is signed in. */
export function mountSessions(app: Hono, settings: ServerSettings): void {
  const name = nameOf(settings);
  const path = settings.publicUrl === undefined ? "/" : new URL(settings.publicUrl).pathname;
  const cookie = {
    path,
    httpOnly: true,
    sameSite: "Strict",
    secure: settings.publicUrl?.startsWith("https:") ?? false,
  } as const;
  app.get("/session", async (c) => {
    const isRequired = settings.apiKey !== undefined;
    const role = isRequired ? await roleOfSession(c, settings) : "full";
    return writeBody(c.req.raw, { isRequired, role }, 200);
  });
  app.post("/session", async (c) => {
    const body = (await readPlainBody(c.req.raw)) as { readonly key?: unknown } | undefined;
    const role = typeof body?.key === "string" ? await roleOfKey(body.key, settings) : null;
    if (role === null) return refuseApi(c.req.raw, wrongKey());
    const end = nowOf(settings) + SESSION_S * 1_000;
    await setSignedCookie(c, name, `${role}.${end}`, secretOf(settings), { ...cookie, maxAge: SESSION_S });
    return c.json({ role });
  });
  app.delete("/session", (c) => {
    // Its name is told to nobody who does not know it: weak keys could be guessed by it.
    if (getCookie(c, name) !== undefined) deleteCookie(c, name, cookie);
    return c.json({ role: null });
  });
}

function wrongKey(): TRPCError {
  const message = "The key is not this server's: check the one that it was started with.";
  return new TRPCError({ code: "UNAUTHORIZED", message, cause: new NotAllowedError(message) });
}

function secretOf(settings: ServerSettings): string {
  return digestKeys("beckon session", settings);
}

/** Browsers send a cookie to every port of a host: servers with other keys have another one. */
function nameOf(settings: ServerSettings): string {
  return `beckon_session_${digestKeys("beckon cookie", settings).slice(0, 8)}`;
}

/** Of one purpose nothing follows for another. */
function digestKeys(purpose: string, { apiKey = "", readApiKey = "" }: ServerSettings): string {
  return createHash("sha256").update(`${purpose}\n${apiKey}\n${readApiKey}`).digest("hex");
}

function nowOf({ clock }: ServerSettings): number {
  return clock?.now() ?? Date.now();
}
