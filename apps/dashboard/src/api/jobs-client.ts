import { createJobsClient } from "@beckon/client";
import type { Job } from "@beckon/core";
import { BASE_PATH } from "./base-path.ts";
import { refused } from "./session-gate.ts";

/** The dashboard knows jobs by the names that the catalog tells, and no types of their payloads. */
type AnyJobs = Readonly<Record<string, Job<unknown, unknown, unknown, { readonly code: string }>>>;

/** Beckon's own client, at the place that the page came from; the session is a cookie. */
export const beckon = createJobsClient<AnyJobs>({
  url: BASE_PATH,
  fetch: async (input, init) => {
    const response = await fetch(input, init);
    if (response.status === 401) refused();
    return response;
  },
});
