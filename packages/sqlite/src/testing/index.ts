/** For tests of stores and of what stands on them. */
export { abandonWorker, abandonWorkers, connectionOf } from "./store-doors.ts";
export { createTemporaryDatabase, type TemporaryDatabase } from "./temporary-database.ts";
