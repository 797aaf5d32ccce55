/** What the environment says, read here and nowhere else. An empty variable counts as one that is not set. */
export interface Environment {
  readonly host: string | undefined;
  /** As it was written: what is wrong with it can be said only of the text. */
  readonly port: string | undefined;
  readonly database: string | undefined;
  readonly apiKey: string | undefined;
  readonly readApiKey: string | undefined;
  /** Of the server, for who calls it. */
  readonly url: string;
}

/** Where a server is that was told nothing else. */
export const DEFAULT_URL = "http://127.0.0.1:3000";

export function readEnvironment(): Environment {
  const { HOST, PORT, BECKON_DATABASE, BECKON_API_KEY, BECKON_READ_API_KEY, BECKON_URL } = process.env;
  return {
    host: HOST || undefined,
    port: PORT || undefined,
    database: BECKON_DATABASE || undefined,
    apiKey: BECKON_API_KEY || undefined,
    readApiKey: BECKON_READ_API_KEY || undefined,
    url: BECKON_URL || (PORT ? `http://127.0.0.1:${PORT}` : DEFAULT_URL),
  };
}
