/** What tests of jobs behind a real server are built from. */
export { startTestServer, type TestServer } from "./start-test-server.ts";
