export type {
  Authorize,
  AuthorizeRequest,
  BeckonContext,
  BeckonRoot,
  JobRouter,
  JobRouterOptions,
  JobRouterRecord,
} from "@beckon/router";
export { beckonErrorFormatter, createJobRouter } from "@beckon/router";
export { type BoundJobs, createServer, type Server } from "./create-server.ts";
export type { ServerOptions } from "./server-options.ts";
export { StartError } from "./start-error.ts";
