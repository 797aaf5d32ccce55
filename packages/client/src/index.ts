export type { CatalogCalls, RunCalls } from "@beckon/core/runtime";
export { RequestError } from "./call-failure.ts";
export { createJobsClient } from "./create-jobs-client.ts";
export { httpTransport, type HttpTransportOptions } from "./http-transport.ts";
export type { ConnectionOptions } from "./server-requests.ts";
export type { CallsOf, JobsClient, NotAJob } from "./jobs-client.ts";
