import { DatabaseOpenError } from "./database-errors.ts";

/** The oldest that package.json allows, which npm only warns of. */
const OLDEST_NODE = "22.14";

/** The driver's build ends an older process without a word, as soon as a database is opened. @throws DatabaseOpenError */
export function checkNode(path: string, version: string = process.versions.node): void {
  const [major = 0, minor = 0] = version.split(".").map(Number);
  const [oldestMajor = 0, oldestMinor = 0] = OLDEST_NODE.split(".").map(Number);
  if (major > oldestMajor || (major === oldestMajor && minor >= oldestMinor)) return;
  throw new DatabaseOpenError(
    path,
    `Beckon executes jobs on Node ${OLDEST_NODE} or newer, and this is Node ${version}: ` +
      "install a newer one, or start with `npx node` where the project brings it",
  );
}
