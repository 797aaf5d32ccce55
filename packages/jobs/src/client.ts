import { BeckonClient } from "@beckon/core";

/** Defines the jobs of this package, and connects them where no server in the same process does. */
export const client = new BeckonClient({ id: "acme" });
