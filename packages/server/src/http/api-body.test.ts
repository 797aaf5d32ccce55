import { request as sendRequest } from "node:http";
import { expect, test } from "vitest";
import { z } from "zod";
import { call } from "../testing/call.ts";
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
  ["/api/v1/jobs/echo/invoke", "application/json", '{"payload":"Andr\u00E9"}'],
  ["/api/v1/jobs/echo/invoke", "application/superjson+json", '{"json":{"payload":"Andr\u00E9"}}'],
  ["/trpc/jobs.echo.invoke", "application/json", '{"json":{"payload":"Andr\u00E9"}}'],
])("JSON whose bytes are no UTF-8 is refused, and nothing is made of it: at %s as %s", async (path, type, text) => {
  await using server = await startTestServer({ jobs });
  const body = Buffer.from(text, "latin1");
  const answer = await call(`${server.url}${path}`, { body, headers: { "content-type": type } });
  expect(answer.status).toBe(400);
  expect(JSON.stringify(answer.body)).toContain("The body is no JSON: its bytes are not UTF-8.");
  expect((await server.engine.listRuns({})).runs).toEqual([]);
});

test("a replacement character that was sent is kept, and so is text behind a byte order mark", async () => {
  await using server = await startTestServer({ jobs });
  const body = '\uFEFF{"payload":"\uFFFD \u00E9"}';
  const { body: run } = await call(`${server.url}/api/v1/jobs/echo/invoke`, { body, headers: { prefer: "wait=20" } });
  expect(run).toMatchObject({ output: "\uFFFD \u00E9" });
});

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
