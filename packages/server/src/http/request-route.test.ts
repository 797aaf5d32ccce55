import { BeckonClient, invokeTrigger } from "@beckon/core";
import { expect, test } from "vitest";
import { call, type Sent } from "../testing/call.ts";
import { startTestServer } from "../testing/index.ts";

const client = new BeckonClient({ id: "tests" });

/** A job that waits for a request, and a promise of the URL it hands out. */
function defineWaiting() {
  const handedOut = Promise.withResolvers<string>();
  const job = client.defineJob({
    id: "waiting",
    name: "Waiting",
    version: "1.0.0",
    trigger: invokeTrigger(),
    run: async (_payload, io) => io.waitForRequest("answer", (url) => handedOut.resolve(url)),
  });
  return { job, url: handedOut.promise };
}

const MANY_NAMES = Array.from({ length: 10_001 }, (_, index) => index.toString(36));

test.each([
  { name: "JSON as its value", sent: { body: { approved: true } }, output: { approved: true } },
  { name: "a form as its fields", sent: form("approved=yes&by=Ada"), output: { approved: "yes", by: "Ada" } },
  {
    name: "a form with a lone percent sign as it is",
    sent: form("rate=100%&by=%C3%A9"),
    output: { rate: "100%", by: "é" },
  },
  {
    name: "a field that comes more than once as a list",
    sent: form("tag=a&by=Ada&tag=b"),
    output: { tag: ["a", "b"], by: "Ada" },
  },
  {
    name: "a form in parts as its fields, and a file by its content in base64",
    sent: multipart('name="tag"\r\n\r\na', 'name="tag"\r\n\r\nb', 'name="cv"; filename="cv.txt"\r\n\r\nhi'),
    output: { tag: ["a", "b"], cv: { name: "cv.txt", type: "text/plain", base64: btoa("hi") } },
  },
  {
    name: "JSON by an old name",
    sent: { body: '{"ok":1}', headers: { "content-type": "text/json; charset=utf-8" } },
    output: { ok: 1 },
  },
  {
    name: "JSON by a name of its own",
    sent: { body: '{"ok":1}', headers: { "content-type": "application/vnd.acme+json" } },
    output: { ok: 1 },
  },
  {
    name: "many lines of JSON as their text",
    sent: { body: '{"a":1}\n{"a":2}\n', headers: { "content-type": "application/x-ndjson" } },
    output: '{"a":1}\n{"a":2}\n',
  },
  { name: "text as it is", sent: { body: "fine", headers: { "content-type": "text/plain" } }, output: "fine" },
  {
    name: "a form in another charset as its text, with its escapes",
    sent: {
      body: "by=Andr%E9",
      headers: { "content-type": "application/x-www-form-urlencoded; charset=windows-1252" },
    },
    output: "by=Andr%E9",
  },
  {
    name: "a replacement character that was sent",
    sent: multipart('name="by"\r\n\r\n\uFFFD'),
    output: { by: "\uFFFD" },
  },
  {
    name: "text in the charset that it names",
    sent: bytes("text/csv; charset=iso-8859-1", 0xe9, 0x3b, 0x41),
    output: "é;A",
  },
  {
    name: "bytes that are no text by their content in base64",
    sent: bytes("image/png", 0x89, 0x50, 0xff, 0xfe, 0x00, 0x41),
    output: { type: "image/png", base64: "iVD//gBB" },
  },
  {
    name: "bytes of a charset that nobody knows, with all that is said of them",
    sent: bytes("text/plain; charset=x-none", 0x41),
    output: { type: "text/plain; charset=x-none", base64: "QQ==" },
  },
  { name: "bytes without a type", sent: bytes(undefined, 0xff), output: { type: "", base64: "/w==" } },
  { name: "nothing", sent: { method: "POST" }, output: undefined },
])("a run that waits for a request is given $name, once and without a key", async ({ sent, output }) => {
  const { job, url } = defineWaiting();
  await using server = await startTestServer({ jobs: { job }, apiKey: "secret" });
  const run = await server.jobs.job.invoke({});
  const address = await url;
  expect(address).toMatch(`${server.url}/api/v1/requests/`);
  // The URL is handed out just before the wait is on disk.
  await expect.poll(async () => (await run.explain()).status).toBe("WAITING");
  expect(await call(address, sent)).toMatchObject({ status: 200, body: { delivered: true } });
  expect(await run.output()).toEqual(output);
  expect(await call(address, sent)).toMatchObject({ status: 404, body: { error: { code: "NOT_FOUND" } } });
});

test.each([
  { name: "a form whose parts cannot be read", sent: { ...multipart(), body: "no parts" } },
  { name: "a form whose bytes are no UTF-8", sent: bytes("application/x-www-form-urlencoded", 0x61, 0x3d, 0xe9) },
  { name: "a form whose escaped bytes are no UTF-8", sent: form("rate=100%&city=Orl%E9ans") },
  {
    name: "a form with a part that is no file and no UTF-8",
    sent: { ...multipart(), body: Buffer.from(String(multipart('name="by"\r\n\r\nAndr\u00E9').body), "latin1") },
  },
  { name: "JSON whose bytes are no UTF-8", sent: bytes("application/json", 0x22, 0xe9, 0x22) },
])("$name is refused, and the run waits on", async ({ sent }) => {
  const { job, url } = defineWaiting();
  await using server = await startTestServer({ jobs: { job } });
  const run = await server.jobs.job.invoke({});
  const address = await url;
  await expect.poll(async () => (await run.explain()).status).toBe("WAITING");
  expect(await call(address, sent)).toMatchObject({ status: 400, body: { error: { code: "PARSE_ERROR" } } });
  expect((await run.explain()).status).toBe("WAITING");
});

test.each([
  { name: "a form", sent: form(MANY_NAMES.map((name) => `${name}=`).join("&")) },
  { name: "a form in parts", sent: multipart(...MANY_NAMES.map((name) => `name="${name}"\r\n\r\n`)) },
])("$name of more fields than anybody has is refused, and the run waits on", async ({ sent }) => {
  const { job, url } = defineWaiting();
  await using server = await startTestServer({ jobs: { job } });
  const run = await server.jobs.job.invoke({});
  const address = await url;
  await expect.poll(async () => (await run.explain()).status).toBe("WAITING");
  const error = { code: "PAYLOAD_TOO_LARGE", message: expect.stringContaining("10001 fields") };
  expect(await call(address, sent)).toMatchObject({ status: 413, body: { error } });
  expect((await run.explain()).status).toBe("WAITING");
});

test("an upload that its sender breaks off is nothing that failed inside, and the run waits on", async () => {
  const { job, url } = defineWaiting();
  const heard: unknown[] = [];
  await using server = await startTestServer({ jobs: { job }, onError: (error) => heard.push(error) });
  const run = await server.jobs.job.invoke({});
  const address = await url;
  await expect.poll(async () => (await run.explain()).status).toBe("WAITING");
  const body = new ReadableStream({ pull: () => Promise.reject(new Error("It broke off.")) }, { highWaterMark: 0 });
  const headers = { "content-type": "application/json", "content-length": "1000" };
  const request = new Request(address, { method: "POST", body, headers, duplex: "half" });
  expect((await server.fetch(request)).status).toBe(499);
  expect((await run.explain()).status).toBe("WAITING");
  expect(heard).toEqual([]);
});

test.each([{ "content-length": "1000" }, {}])("a body that nobody waits for is not read: %o", async (length) => {
  const { job } = defineWaiting();
  await using server = await startTestServer({ jobs: { job }, apiKey: "secret" });
  const body = new ReadableStream({ pull: () => Promise.reject(new Error("It was read.")) }, { highWaterMark: 0 });
  const headers = { "content-type": "application/x-www-form-urlencoded", ...length };
  const request = new Request(`${server.url}/api/v1/requests/none`, { method: "POST", body, headers, duplex: "half" });
  expect((await server.fetch(request)).status).toBe(404);
});

test("the URL that is handed out is below the public one", async () => {
  const { job, url } = defineWaiting();
  const publicUrl = "https://acme.example/beckon/";
  await using server = await startTestServer({ jobs: { job }, publicUrl });
  await server.jobs.job.invoke({});
  expect(await url).toMatch(/^https:\/\/acme\.example\/beckon\/api\/v1\/requests\/[\w-]{16,}$/);
});

function form(body: string): Sent {
  return { body, headers: { "content-type": "application/x-www-form-urlencoded" } };
}

function multipart(...parts: readonly string[]): Sent {
  const body = parts.map((part) => `--part\r\ncontent-disposition: form-data; ${part}\r\n`).join("");
  return { body: `${body}--part--\r\n`, headers: { "content-type": "multipart/form-data; boundary=part" } };
}

function bytes(type: string | undefined, ...content: readonly number[]): Sent {
  return { body: Uint8Array.from(content), headers: type === undefined ? {} : { "content-type": type } };
}
