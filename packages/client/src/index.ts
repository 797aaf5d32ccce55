export { RequestError } from "./call-failure.ts";
export { createJobsClient } from "./create-jobs-client.ts";
export { httpTransport, type HttpTransportOptions } from "./http-transport.ts";
export type { ConnectionOptions } from "./server-requests.ts";
export type { CallOf, CallsOf, CatalogCalls, JobsClient, NotAJob, RunCalls } from "./jobs-client.ts";
