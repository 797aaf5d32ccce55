import { DEFAULT_URL } from "../environment.ts";

interface Served {
  readonly url: string;
  readonly asksForKey: boolean;
}

/** What to enter in a second shell, which knows nothing of the first one's variables. The key is not shown: terminals are shared. */
export function toTryNext({ url, asksForKey }: Served): string {
  const condition = asksForKey ? ", with BECKON_API_KEY set as here" : "";
  const place = url === DEFAULT_URL ? "" : ` --url ${url}`;
  return `Try next${condition}: npx -y pnpm@12.4.2 invoke example-job${place}`;
}
