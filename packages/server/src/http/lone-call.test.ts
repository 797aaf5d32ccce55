import { fetchRequestHandler } from "@trpc/server/adapters/fetch";
import { expect, test } from "vitest";
import { z } from "zod";
import { startTestServer } from "../testing/index.ts";
import { defineTestJobs } from "../testing/test-jobs.ts";

const jobs = defineTestJobs(z);

const asQuery = (input: unknown): string => `input=${encodeURIComponent(JSON.stringify({ json: input }))}`;
const asMutation = (input: unknown): RequestInit => ({
  method: "POST",
  headers: { "content-type": "application/json; charset=utf-8" },
  body: typeof input === "string" ? input : JSON.stringify({ json: input }),
});

/** None of them makes a run, so that each can be asked twice. */
const requests: readonly (readonly [what: string, path: string, init: RequestInit])[] = [
  ["a query without input", "catalog.list", {}],
  ["a query", `catalog.get?${asQuery({ id: "greet" })}`, {}],
  ["a query with a slash behind it", `catalog.get/?${asQuery({ id: "greet" })}`, {}],
  ["a query with a type", "catalog.list", { headers: { "content-type": "application/json" } }],
  ["a query of another type", "catalog.list", { headers: { "content-type": "multipart/form-data" } }],
  ["a query for what is not there", `runs.get?${asQuery({ id: "run_none" })}`, {}],
  ["a query that lacks its input", "runs.get", {}],
  ["a query with an unknown field", `runs.get?${asQuery({ id: "run_none", ids: [] })}`, {}],
  ["a query whose input is no superjson", "runs.get?input=1", {}],
  ["a query whose input is no JSON", "runs.get?input=%7B", {}],
  ["a query with more in its search", `runs.get?${asQuery({ id: "run_none" })}&connectionParams=1`, {}],
  ["a batch of queries", "catalog.list,runs.get?batch=1", {}],
  ["a batch of one query", "catalog.list?batch=1", {}],
  ["a query as a mutation", "catalog.list", asMutation({})],
  ["a mutation", "catalog.resume", asMutation({ id: "greet" })],
  ["a mutation by another name of its path", "catalog%2Eresume", asMutation({ id: "greet" })],
  ["a mutation that is refused", "jobs.greet.invoke", asMutation({ payload: { name: 1 } })],
  ["a mutation without a body", "catalog.resume", { method: "POST", headers: { "content-type": "application/json" } }],
  ["a mutation whose body is no JSON", "catalog.resume", asMutation("{")],
  ["a mutation whose body is no superjson", "catalog.resume", asMutation("1")],
  ["a mutation without a type", "catalog.resume", { method: "POST", body: new Uint8Array([1]) }],
  ["a mutation as a query", `catalog.resume?${asQuery({ id: "greet" })}`, {}],
  ["a batch of mutations", "catalog.resume,catalog.resume?batch=1", asMutation({ 0: { json: { id: "greet" } } })],
  ["a lone call that wants a stream", "catalog.list", { headers: { accept: "application/jsonl" } }],
  ["the same, as tRPC says it", "catalog.list", { headers: { "trpc-accept": "application/jsonl" } }],
  ["a procedure that is not there", "jobs.none.invoke", asMutation({})],
  ["what every object has", "constructor", {}],
  ["another method", "catalog.list", { method: "PUT" }],
];

test.each(requests)("%s is answered as tRPC's own adapter does", async (_what, path, init) => {
  await using server = await startTestServer({ jobs });
  const url = `${server.url}/trpc/${path}`;
  const { router } = server;
  const expected = await fetchRequestHandler({
    endpoint: "/trpc",
    req: new Request(url, init),
    router,
    createContext: () => ({}),
    allowMethodOverride: true,
  });
  const answer = await fetch(url, init);
  expect(await answer.text()).toBe(await expected.text());
  expect(answer.status).toBe(expected.status);
  for (const [name, value] of expected.headers) {
    expect(answer.headers.get(name)?.replace("; ", ";")).toBe(value.replace("; ", ";"));
  }
});
