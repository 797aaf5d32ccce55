import { createJobsClient } from "@beckon/client";
import { createJobRouter } from "@beckon/router";
import { expect, test } from "vitest";
import { startScriptedServer, json, result, results } from "./scripted-server.ts";

interface Router {
  readonly procedures: Readonly<Record<string, { readonly _def: { readonly type: string } }>>;
}

interface Jobs {
  readonly greet: never;
}

function clientOf(url: string, options: object = {}) {
  return createJobsClient<Jobs>({ url, ...options });
}

test("a lone query is one request of its own", async () => {
  await using server = await startScriptedServer(() => result({ runs: [], nextCursor: null }));
  expect(await clientOf(server.url).runs.list({ status: "FAILURE", from: new Date(5) })).toEqual({
    runs: [],
    nextCursor: null,
  });
  expect(server.requests).toMatchObject([
    { method: "GET", path: "/trpc/runs.list", input: { status: "FAILURE", from: new Date(5) } },
  ]);
});

test("a query without an input sends none", async () => {
  await using server = await startScriptedServer(() => result([]));
  await clientOf(server.url).catalog.list();
  expect(server.requests[0]?.search.size).toBe(0);
});

test("the calls of one tick share a request, queries and mutations apart, and each gets its own answer", async () => {
  await using server = await startScriptedServer(({ method, input }) =>
    method === "GET" ? results("a", new Map([["b", 1n]])) : result({ id: (input as { id: string }).id }),
  );
  const { runs } = clientOf(server.url);
  const answers = await Promise.all([
    runs.get({ id: "run_1" }),
    runs.tasks({ id: "run_2" }),
    runs.retry({ id: "run_3" }),
  ]);
  expect(answers).toEqual(["a", new Map([["b", 1n]]), { id: "run_3" }]);
  expect(
    server.requests
      .map(({ method, path, input }) => ({ method, path, input }))
      .toSorted((a, b) => a.path.localeCompare(b.path)),
  ).toEqual([
    { method: "GET", path: "/trpc/runs.get,runs.tasks", input: [{ id: "run_1" }, { id: "run_2" }] },
    { method: "POST", path: "/trpc/runs.retry", input: { id: "run_3" } },
  ]);
});

test("calls of different ticks do not wait for each other", async () => {
  await using server = await startScriptedServer(() => result("a"));
  const { runs } = clientOf(server.url);
  await runs.get({ id: "run_1" });
  await runs.get({ id: "run_2" });
  expect(server.requests.map(({ path }) => path)).toEqual(["/trpc/runs.get", "/trpc/runs.get"]);
});

test("a batch is never larger than a server takes", async () => {
  await using server = await startScriptedServer(({ input }) => results(...(input as unknown[])));
  const { runs } = clientOf(server.url);
  const ids = Array.from({ length: 120 }, (_, index) => `run_${index}`);
  expect(await Promise.all(ids.map((id) => runs.get({ id })))).toEqual(ids.map((id) => ({ id })));
  expect(server.requests.map(({ input }) => (input as unknown[]).length)).toEqual([50, 50, 20]);
});

test("a query that is too long for an address is posted", async () => {
  await using server = await startScriptedServer(() => result([]));
  const taskIds = Array.from({ length: 1_000 }, (_, index) => `task-${index}`);
  await clientOf(server.url).runs.tasks({ id: "run_1", taskIds });
  expect(server.requests).toMatchObject([
    { method: "POST", path: "/trpc/runs.tasks", input: { id: "run_1", taskIds } },
  ]);
});

test("one refused call of a batch refuses no other", async () => {
  const error = { json: { message: "no such run", data: { httpStatus: 404 } } };
  await using server = await startScriptedServer(() => json(207, [{ result: { data: { json: "a" } } }, { error }]));
  const { runs } = clientOf(server.url);
  const [first, second] = await Promise.allSettled([runs.get({ id: "run_1" }), runs.get({ id: "run_2" })]);
  expect(first).toMatchObject({ status: "fulfilled", value: "a" });
  expect(second).toMatchObject({ status: "rejected", reason: { code: "NOT_FOUND", message: "no such run" } });
});

test("a value that would be lost is refused by its path before anything is sent", async () => {
  await using server = await startScriptedServer(() => result("a"));
  const { runs } = clientOf(server.url);
  const [lost, kept] = await Promise.allSettled([
    runs.replay({ id: "run_1", payload: { send: () => 1 } }),
    runs.replay({ id: "run_2", payload: { at: new Date(5) } }),
  ]);
  expect(lost).toMatchObject({
    status: "rejected",
    reason: { code: "UNSERIALIZABLE_VALUE", path: "payload.send" },
  });
  expect(kept).toMatchObject({ status: "fulfilled" });
  expect(server.requests).toMatchObject([{ input: { id: "run_2", payload: { at: new Date(5) } } }]);
});

test("credentials go in headers and never in a URL, and functions are asked at each request", async () => {
  await using server = await startScriptedServer(() => result("a"));
  let count = 0;
  const options = { token: async () => `secret-${(count += 1)}`, headers: () => ({ "x-tenant": `t${count}` }) };
  const { runs } = clientOf(`${server.url}/`, options);
  await runs.get({ id: "run_1" });
  await runs.get({ id: "run_2" });
  expect(server.requests.map(({ headers }) => [headers.authorization, headers["x-tenant"]])).toEqual([
    ["Bearer secret-1", "t1"],
    ["Bearer secret-2", "t2"],
  ]);
  expect(server.requests.filter(({ path, search }) => `${path}${search.toString()}`.includes("secret"))).toEqual([]);
});

test("a fetch of one's own is used", async () => {
  const urls: string[] = [];
  const own: typeof fetch = async (url) => {
    urls.push(url as string);
    return Response.json({ result: { data: { json: 5 } } });
  };
  expect(await clientOf("http://nowhere.test", { fetch: own }).runs.get({ id: "run_1" })).toBe(5);
  expect(urls).toEqual(["http://nowhere.test/trpc/runs.get?input=%7B%22json%22%3A%7B%22id%22%3A%22run_1%22%7D%7D"]);
});

test("the client itself can be awaited and printed without a call", async () => {
  const beckon = clientOf("http://nowhere.test");
  expect(await Promise.resolve(beckon)).toBe(beckon);
  expect(String(Object.keys(beckon))).toBe("");
  expect(beckon.runs).toBe(beckon.runs);
});

test("what the router has as a change is sent as one, and what it has as a question as that", async () => {
  const { _def: router } = createJobRouter({}, {}) as { readonly _def: unknown } as { readonly _def: Router };
  const procedures = Object.entries(router.procedures).filter(
    ([path, { _def }]) => _def.type !== "subscription" && path !== "runs.result",
  );
  await using server = await startScriptedServer(() => result("a"));
  const beckon = clientOf(server.url) as unknown as Record<string, Record<string, (input: object) => Promise<unknown>>>;
  for (const [path] of procedures) {
    const [branch = "", name = ""] = path.split(".");
    await beckon[branch]?.[name]?.({});
  }
  const sent = server.requests.map(({ path, method }) => [path.replace("/trpc/", ""), method]);
  expect(procedures.length).toBeGreaterThan(10);
  expect(sent).toEqual(procedures.map(([path, { _def }]) => [path, _def.type === "mutation" ? "POST" : "GET"]));
});
