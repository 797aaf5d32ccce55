import { execFileSync } from "node:child_process";
import { existsSync } from "node:fs";

const PLACES = [
  "/usr/bin/chromium",
  "/usr/bin/chromium-browser",
  "/usr/bin/google-chrome",
  "/usr/bin/google-chrome-stable",
  "/snap/bin/chromium",
  "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
  "/Applications/Chromium.app/Contents/MacOS/Chromium",
  "C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe",
];

/** A Chromium or Chrome of this machine. As root on Debian it is installed when there is none. @throws Error saying what to install */
export function findChromium(): string {
  const found = PLACES.find((path) => existsSync(path)) ?? installChromium();
  if (found !== undefined) return found;
  throw new Error("The dashboard's tests drive a real browser, and none was found: install Chromium or Google Chrome.");
}

function apt(...args: readonly string[]): void {
  execFileSync("apt-get", ["-o", "DPkg::Lock::Timeout=300", ...args], {
    stdio: "ignore",
    env: { ...process.env, DEBIAN_FRONTEND: "noninteractive" },
  });
}

function installChromium(): string | undefined {
  if (process.getuid?.() !== 0 || !existsSync("/usr/bin/apt-get")) return undefined;
  try {
    apt("update");
    apt("install", "-y", "--no-install-recommends", "chromium");
  } catch {
    return undefined; // Without a mirror: the sentence says what to do.
  }
  return PLACES.find((path) => existsSync(path));
}
