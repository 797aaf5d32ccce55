import { DefinitionError, setDefaultTransport } from "@beckon/core/runtime";
import { httpTransport } from "./http-transport.ts";

/*
 * `import "@beckon/client/env"` connects every job that has no other connection to the server that the environment
 * names: BECKON_URL, and BECKON_API_KEY where it asks for a key. Without BECKON_URL the jobs stay unconnected, and say
 * so when they are invoked.
 */

declare const process: { readonly env: Readonly<Record<string, string | undefined>> };

const { BECKON_URL: url, BECKON_API_KEY: apiKey } = process.env;

if (url !== undefined && !(/^\s*https?:/i.test(url) && URL.canParse(url))) {
  throw new DefinitionError(
    `BECKON_URL is ${JSON.stringify(url)}, which is no URL: write it as http://localhost:3000.`,
  );
}
if (url !== undefined) setDefaultTransport(httpTransport({ url, apiKey }));
