/** Release numbers of a job, most significant first. */
type Version = readonly [major: bigint, minor: bigint, patch: bigint];

/** Reads `x.y.z` (digits only, no leading zeros, no tags), or returns null for anything else. */
export function parseVersion(text: string): Version | null {
  const match = /^(0|[1-9]\d*)\.(0|[1-9]\d*)\.(0|[1-9]\d*)$/.exec(text);
  if (match === null) return null;
  // BigInt: a build number stamped from a clock outgrows the exact integers of a double.
  return [BigInt(match[1] ?? 0), BigInt(match[2] ?? 0), BigInt(match[3] ?? 0)];
}

/** Orders two versions as semver does: negative when `left` is older. Texts that are not versions come first. */
export function compareVersions(left: string, right: string): number {
  const a = parseVersion(left);
  const b = parseVersion(right);
  if (a === null || b === null) return (a === null ? 0 : 1) - (b === null ? 0 : 1);
  for (const index of [0, 1, 2] as const) {
    if (a[index] !== b[index]) return a[index] < b[index] ? -1 : 1;
  }
  return 0;
}
