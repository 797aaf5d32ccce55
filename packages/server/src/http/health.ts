import type { Engine } from "@beckon/engine";
import type { Hono } from "hono";

/** `/healthz`: the process lives. `/readyz`: it can take work; 503 while it starts, drains, or cannot write. */
export function mountHealth(app: Hono, { engine }: { readonly engine: Engine }): void {
  app.get("/healthz", (c) => c.json({ status: "ok" }));
  app.get("/readyz", (c) => {
    const { isReady, isDraining, problem } = engine.health();
    return c.json({ status: isReady ? "ready" : "not-ready", isDraining, problem }, isReady ? 200 : 503);
  });
}
