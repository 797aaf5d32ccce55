import { expect, test } from "vitest";
import { buildPackages, compile } from "./built-packages.ts";
import { type Sources, writeProject } from "./write-project.ts";

/** Two jobs in two files that invoke each other, with a return type for each, or none. */
function pingAndPong(returned: { readonly ping: string; readonly pong: string }): Sources {
  const define = (own: "ping" | "pong", other: "ping" | "pong"): string => `
import { BeckonClient, invokeTrigger } from "@beckon/core";
import { z } from "zod";
import { ${other} } from "./${other}.js";

export const ${own} = new BeckonClient({ id: "acme" }).defineJob({
  id: "${own}", name: "${own}", version: "1.0.0",
  trigger: invokeTrigger({ schema: z.object({ rallies: z.number() }) }),
  run: async ({ rallies })${returned[own]} => {
    if (rallies === 0) return { ${own}s: 0 };
    const back = await ${other}.invokeAndWait({ rallies: rallies - 1 });
    return { ${own}s: back.ok ? back.output.${other}s + 1 : 0 };
  },
});
`;
  const uses = `
import { ping } from "./ping.js";
import { pong } from "./pong.js";
(await (await ping.invoke({ rallies: 3 })).output()).pings satisfies number;
(await (await pong.invoke({ rallies: 3 })).output()).pongs satisfies number;
// @ts-expect-error A ping is no pong.
(await (await ping.invoke({ rallies: 3 })).output()).pongs;
`;
  return { "ping.ts": define("ping", "pong"), "pong.ts": define("pong", "ping"), "index.ts": uses };
}

test("jobs in two files that invoke each other compile when one says what its run returns", { timeout: 60_000 }, () => {
  using packages = buildPackages();
  const check = (name: string, sources: Sources): string =>
    compile(["-p", writeProject(packages.folder, name, sources), "--noEmit"]);
  expect(check("annotated", pingAndPong({ ping: ": Promise<{ pings: number }>", pong: "" }))).toBe("");
  // Without it TypeScript's own errors say what to do: TS7022 and TS7023, "needs a type annotation".
  expect(() => check("bare", pingAndPong({ ping: "", pong: "" }))).toThrow(/TS702[23]/);
});
