import type { Store } from "@beckon/engine";
import { DatabaseOpenError, DatabaseTooNewError, openSqliteStore } from "@beckon/sqlite";
import type { ServerSettings } from "./server-options.ts";
import { StartError } from "./start-error.ts";

/** A store, and whether it is ours to close. */
export interface OpenedStore {
  readonly store: Store;
  readonly close: () => Promise<void>;
}

/** Opens the database, or takes the store that was handed in. @throws StartError */
export async function openStore({ database, durability }: ServerSettings): Promise<OpenedStore> {
  if (typeof database !== "string") return { store: database, close: async () => undefined };
  try {
    const store = await openSqliteStore({ path: database, durability });
    return { store, close: () => store.close() };
  } catch (error) {
    const isKnown = error instanceof DatabaseOpenError || error instanceof DatabaseTooNewError;
    throw isKnown ? new StartError(error.message, { cause: error }) : error;
  }
}
