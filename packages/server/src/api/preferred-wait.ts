/** As long as a result may be waited for in one request. */
const LONGEST_MS = 25_000;

/**
 * For how long a request would rather wait than be answered at once, by its header `Prefer` (RFC 7240). null: it has no such
 * preference; what makes no sense is none, as with all that is merely preferred.
 */
export function readPreferredWait(prefer: string | null): number | null {
  if (prefer === null) return null;
  for (const preference of prefer.split(/[,;]/)) {
    const [, seconds] = /^\s*wait\s*=\s*"?(\d+)"?\s*$/i.exec(preference) ?? [];
    if (seconds !== undefined) return Math.min(Number(seconds) * 1_000, LONGEST_MS);
  }
  return null;
}
