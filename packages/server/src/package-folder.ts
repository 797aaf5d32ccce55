import { dirname } from "node:path";
import { fileURLToPath } from "node:url";

/**
 * This package's own: one level up from here, and from the modules that this one is bundled into. Not by `new URL("../", …)`, in
 * which bundlers of hosts look for a file.
 */
export const PACKAGE_FOLDER = `${dirname(dirname(fileURLToPath(import.meta.url)))}/`;
