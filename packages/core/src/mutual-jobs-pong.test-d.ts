import { z } from "zod";
import { BeckonClient, invokeTrigger } from "./index.ts";
import { ping } from "./mutual-jobs.test-d.ts";

/** The other half of mutual-jobs.test-d.ts. */
export const pong = new BeckonClient({ id: "acme" }).defineJob({
  id: "pong",
  name: "Pong",
  version: "1.0.0",
  trigger: invokeTrigger({ schema: z.object({ rallies: z.number() }) }),
  run: async ({ rallies }) => {
    const back = await ping.invokeAndWait({ rallies });
    return { returned: back.ok ? back.output.hits : 0 };
  },
});
