import { fileURLToPath } from "node:url";

/** This package's own: one level up from here, and from the modules that this one is bundled into. */
export const PACKAGE_FOLDER = fileURLToPath(new URL("../", import.meta.url));
