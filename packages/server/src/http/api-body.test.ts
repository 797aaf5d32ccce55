import { request as sendRequest } from "node:http";
import { expect, test } from "vitest";
import { z } from "zod";
import { startTestServer } from "../testing/index.ts";
import { defineTestJobs } from "../testing/test-jobs.ts";

const jobs = defineTestJobs(z);

/** Sends the head of a request and the beginning of its body, and leaves. */
function breakOff(url: string, headers: Readonly<Record<string, string>>): Promise<void> {
  return new Promise((resolve) => {
    const all = { "content-type": "application/json", expect: "100-continue", ...headers };
    const request = sendRequest(url, { method: "POST", headers: all });
    request.on("error", () => resolve());
    // The server has the head, and asks for the body.
    request.on("continue", () => request.write('{"payload":', () => request.destroy(new Error("left"))));
  });
}

test.each([
  "/api/v1/jobs/echo/invoke",
  "/trpc/jobs.echo.invoke",
  "/trpc/jobs.echo.invoke,jobs.echo.invoke?batch=1",
  "/api/v1/requests/token",
  "/session",
])("an upload to %s that its client breaks off is nothing that failed inside", async (path) => {
  const heard: unknown[] = [];
  await using server = await startTestServer({ jobs, onError: (error) => heard.push(error) });
  await breakOff(`${server.url}${path}`, { "content-length": "1000" });
  await breakOff(`${server.url}${path}`, { "transfer-encoding": "chunked" });
  await server.stop();
  expect(heard).toEqual([]);
});
