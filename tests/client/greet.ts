import { createJobsClient, httpTransport } from "@beckon/client";
import { BeckonClient, invokeTrigger, type Job } from "@beckon/core";
import { bindJob } from "@beckon/core/runtime";

/* One job, as both ways of calling it know it; what it answers is the script of the server that is called. */

interface GreetJobs {
  readonly greet: Job<string, string, string, never>;
}

const greet = new BeckonClient({ id: "tests" }).defineJob({
  id: "greet",
  name: "Greet",
  version: "1.0.0",
  trigger: invokeTrigger(),
  run: async (payload) => payload,
});

interface At {
  readonly url: string;
}

/** By a typed client. */
export const typed = ({ url }: At) => createJobsClient<GreetJobs>({ url }).greet;

/** By the job's own handle. */
export const remote = ({ url }: At) => bindJob(greet, httpTransport({ url }));
