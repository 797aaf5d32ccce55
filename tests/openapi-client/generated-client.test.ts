import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createClient } from "@hey-api/openapi-ts";
import { expect, test } from "vitest";
import { openDoors } from "../doors/world.ts";

/** What the generator makes of the document, as far as it is used here. */
interface GeneratedClient {
  readonly client: { readonly setConfig: (config: { readonly baseUrl: string }) => void };
  readonly invokeGreet: (call: {
    readonly body: unknown;
  }) => Promise<{ readonly data?: { readonly id: string }; readonly error?: unknown }>;
  readonly getResult: (call: { readonly path: { readonly id: string } }) => Promise<{ readonly data?: unknown }>;
}

async function generate(document: unknown, folder: string): Promise<GeneratedClient> {
  await writeFile(join(folder, "openapi.json"), JSON.stringify(document));
  const path = join(folder, "client");
  await createClient({
    input: join(folder, "openapi.json"),
    output: { path, module: { extension: ".ts" } },
    plugins: ["@hey-api/client-fetch", "@hey-api/sdk", "@hey-api/typescript"],
    logs: { level: "silent" },
  });
  const [{ client }, calls] = await Promise.all([
    import(join(path, "client.gen.ts")),
    import(join(path, "sdk.gen.ts")),
  ]);
  return { ...calls, client };
}

test("a client that a public generator makes of openapi.json invokes a job", async () => {
  const folder = await mkdtemp(join(tmpdir(), "beckon-"));
  await using world = await openDoors();
  const baseUrl = `${world.server.url}/api/v1`;
  const document = await (await fetch(`${baseUrl}/openapi.json`)).json();
  const { client, invokeGreet, getResult } = await generate(document, folder);
  client.setConfig({ baseUrl });
  const { data } = await invokeGreet({ body: { payload: { name: "Ada" }, options: { tags: ["generated"] } } });
  const result = await getResult({ path: { id: String(data?.id) } });
  expect(result.data).toMatchObject({ ok: true, output: { text: "Hello, Ada" } });
  const refused = await invokeGreet({ body: { payload: { name: 5 } } });
  expect(refused.error).toMatchObject({ error: { code: "INVALID_PAYLOAD", issues: [{ path: ["name"] }] } });
  await rm(folder, { recursive: true });
});
