import { asDecoded, encode, InvalidPayloadError, UnserializableValueError } from "@beckon/core/runtime";

/** What the caller sent, as it is stored. @throws InvalidPayloadError with the path of what cannot be */
export function encodePayload(payload: unknown, jobId: string): string {
  try {
    return encode(payload, "payload");
  } catch (error) {
    if (!(error instanceof UnserializableValueError)) throw error;
    throw new InvalidPayloadError(jobId, [{ path: toSegments(error.path), message: error.message }]);
  }
}

/** A payload as it is in this moment, whatever its owner makes of the object in the next one. */
export function copyPayload(payload: unknown): unknown {
  if (typeof payload !== "object" || payload === null) return payload;
  try {
    return asDecoded(payload, encode(payload, "payload"));
  } catch {
    // It cannot be stored: whoever is to store it says so.
    return payload;
  }
}

const SEGMENT = /\.([\p{L}_$][\w$]*)|\[(\d+)\]|\[("(?:[^"\\]|\\.)*")\]/gu;

/** `payload.rows[0]["first name"]` as a list of keys. */
function toSegments(path: string): readonly (string | number)[] {
  return [...path.matchAll(SEGMENT)].map(([, name, index, quoted]) => {
    if (index !== undefined) return Number(index);
    return name ?? (JSON.parse(quoted ?? '""') as string);
  });
}
