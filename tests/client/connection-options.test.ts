import { createJobsClient, httpTransport, RequestError } from "@beckon/client";
import type { Job } from "@beckon/core";
import { InvalidOptionError } from "@beckon/core/runtime";
import { startTestServer } from "@beckon/server/testing";
import { expect, test } from "vitest";
import { jobs } from "./browser-page.ts";
import { eventText, result, startScriptedServer, stream } from "./scripted-server.ts";

interface Jobs {
  readonly greet: Job<string, string, string, never>;
}

type Options = Parameters<typeof createJobsClient<Jobs>>[0];

/** Every kind of call, and what each comes to at once. */
async function callAll(options: Options): Promise<readonly unknown[]> {
  const { greet, runs } = createJobsClient<Jobs>(options);
  const calls: readonly (() => Promise<unknown>)[] = [
    () => greet.invoke("Ada"),
    () => greet.invokeAndWait("Ada"),
    () => greet.run("run_1").result(),
    () => greet.run("run_1").events()[Symbol.asyncIterator]().next(),
    () => runs.list(),
  ];
  return Promise.all(calls.map((call) => call().catch((error: unknown) => error)));
}

test("a transport's key by the name that it has elsewhere is refused, and not left out", () => {
  const options = { url: "http://localhost:3000", token: "secret" };
  expect(() => httpTransport(options)).toThrow(
    'Option "token": there is no such option; known are url, apiKey, headers, fetch.',
  );
});

test.each([
  ["localhost:3000"],
  ["localhost"],
  ["ftp://acme.com"],
  ["http://"],
  ["http://a b"],
  ["http://acme.com?x=1"],
  ["http://acme.com/jobs#top"],
  ["http://ada:secret@acme.com"],
  ["https://secret@acme.com/jobs"],
  [undefined],
])("a url like %j is refused where the client is made", (url) => {
  for (const make of [createJobsClient, httpTransport]) {
    const making = () => make({ url } as Options);
    expect(making).toThrow(InvalidOptionError);
    expect(making).toThrow(
      'Option "url": expected one such as "http://localhost:3000", with no password and no query.',
    );
  }
});

test.each([
  [""],
  ["/"],
  ["/jobs/@acme"],
  ["HTTPS://acme.com/"],
  ["http://acme.com:3000/a b/"],
  ["http://[::1]:3000"],
  ["http://user_db.internal"],
  ["https://möglich.example/ö"],
  [" http://localhost:3000\n"],
])("a url like %j is taken", (url) => {
  expect(createJobsClient<Jobs>({ url })).toBeDefined();
});

test("where there is no page, what could be an address in one only is refused at the call", async () => {
  for (const url of ["", "/jobs", "http://[::1"]) {
    const errors = await callAll({ url });
    expect(errors).toEqual(errors.map(() => expect.any(InvalidOptionError)));
    expect(String(errors[0])).toBe(
      `InvalidOptionError: Option "url": expected the whole of it, such as "http://localhost:3000": "${url}" is no address where there is no page.`,
    );
  }
});

test("a token that was read from a file is sent without its newline, to streams too", async () => {
  await using server = await startTestServer({ jobs, apiKey: "a-long-secret-key" });
  const { sleep } = createJobsClient<typeof jobs>({ url: `${server.url}\n`, token: "a-long-secret-key\r\n" });
  const run = await sleep.invoke(1);
  for await (const event of run.events()) if (event.type === "status" && event.status === "WAITING") break;
  expect(await run.explain()).toMatchObject({ status: "WAITING" });
});

const UNSENDABLE = 'Option "headers": one of them, or the token, has a character that cannot be sent.';

test.each(["sec\nret", "secret\u{FEFF}x", "secret\0"])("a token like %j is refused, and not told", async (token) => {
  for (const options of [{ token }, { headers: { "x-key": token } }, { token, headers: () => ({}) }]) {
    const making = () => createJobsClient<Jobs>({ url: "http://nowhere.test", ...options });
    expect(making).toThrow(new InvalidOptionError("headers", UNSENDABLE.replace(/^.*?: |\.$/g, "")));
  }
  await using server = await startScriptedServer(() => result("a"));
  const errors = await callAll({ url: server.url, token: async () => token });
  expect(errors.map(String)).toEqual(errors.map(() => `InvalidOptionError: ${UNSENDABLE}`));
  expect(server.requests).toEqual([]);
});

test("so is one with a control character, and a header with a blank in its name", async () => {
  await using server = await startScriptedServer(() => result("a"));
  const errors = await callAll({ url: server.url, token: "sec\u0001ret" });
  expect(errors.map(String)).toEqual(errors.map(() => `InvalidOptionError: ${UNSENDABLE}`));
  expect(() => createJobsClient<Jobs>({ url: server.url, headers: { "x key": "a" } })).toThrow(UNSENDABLE);
});

test("a token comes before a header of its name", async () => {
  await using server = await startScriptedServer(() =>
    stream(`${eventText(1, { type: "status", status: "SUCCESS" })}event: return\ndata: \n\n`, "ends"),
  );
  const { greet } = createJobsClient<Jobs>({ url: server.url, token: "new", headers: { Authorization: "Basic old" } });
  await greet.run("run_1").events()[Symbol.asyncIterator]().next();
  expect(server.requests[0]?.headers.authorization).toBe("Bearer new");
});

test("a proxy that moves calls to another origin is told of, at once and to streams too", async () => {
  await using server = await startTestServer({ jobs, apiKey: "a-long-secret-key" });
  await using front = await startScriptedServer(
    ({ path, search }) =>
      (response) =>
        response.writeHead(301, { location: `${server.url}${path}?${search.toString()}` }).end(),
  );
  const errors = await callAll({ url: front.url, token: "a-long-secret-key" });
  expect(errors).toEqual(errors.map(() => expect.any(RequestError)));
  for (const error of errors) expect(String(error)).toContain(`give the client ${server.url} as its url.`);
  expect(front.requests).toHaveLength(errors.length);
});
