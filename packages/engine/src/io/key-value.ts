import { decode, encode, InvalidOptionError } from "@beckon/core/runtime";
import type { IO, KeyValueStore } from "@beckon/core/runtime";
import { checkName } from "../check-text.ts";
import type { RunRecord } from "../store/records.ts";
import { untilStored } from "../until-stored.ts";
import type { Place } from "./frame.ts";

/** The largest value that is kept, as its text in UTF-8. */
const MAX_VALUE_BYTES = 256 * 1_024;

/** `io.store`: durable values of the run, of its job, and of the server. */
export function createKeyValueStores(place: () => Place): IO["store"] {
  return {
    run: createKeyValueStore(place, ({ id }) => `run:${id}`),
    job: createKeyValueStore(place, ({ jobId }) => `job:${jobId}`),
    global: createKeyValueStore(place, () => "global"),
  };
}

function createKeyValueStore(place: () => Place, scopeOf: (run: RunRecord) => string): KeyValueStore {
  const read = async (key: string): Promise<string | null> => {
    checkName("key", key);
    const { frame, scope } = place();
    const { store, clock } = frame.parts;
    const ask = () => store.readValue(scopeOf(frame.claimed.run), key);
    return frame.work(scope, () => untilStored(ask, clock, frame.writer));
  };
  const write = async (key: string, text: string | null): Promise<boolean> => {
    checkName("key", key);
    const { frame, scope } = place();
    const { store, clock } = frame.parts;
    return frame.work(scope, async () => {
      const { run, claim } = frame.claimed;
      const request = { scope: scopeOf(run), key, text, claim };
      const outcome = await untilStored(() => store.writeValue(request), clock, frame.writer);
      if (outcome === "lost") frame.abort("lost-lease", "This run was canceled or taken over.");
      return outcome === "written";
    });
  };
  return {
    get: async (key) => {
      const text = await read(key);
      return text === null ? undefined : decode(text);
    },
    has: async (key) => (await read(key)) !== null,
    set: async (key, value) => void (await write(key, encodeValue(key, value))),
    delete: (key) => write(key, null),
  };
}

function encodeValue(key: string, value: unknown): string {
  const text = encode(value, `The value of "${key}"`);
  const bytes = Buffer.byteLength(text);
  if (bytes <= MAX_VALUE_BYTES) return text;
  const reason = `it has ${bytes} bytes, and at most ${MAX_VALUE_BYTES} are kept: keep a reference instead`;
  throw new InvalidOptionError("value", reason, { step: `Key ${JSON.stringify(key)} of io.store`, kind: "Argument" });
}
