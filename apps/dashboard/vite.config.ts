import tailwindcss from "@tailwindcss/vite";
import react from "@vitejs/plugin-react";
import { defineConfig } from "vite";

/** The running server that `vite` in development sends calls to. */
const SERVER = process.env["BECKON_URL"] ?? "http://127.0.0.1:3000";

export default defineConfig({
  plugins: [react(), tailwindcss()],
  // Workspace packages as they stand, without a build of their own.
  resolve: { conditions: ["@beckon/source", "module", "browser", "development|production"] },
  // Where the pages lie is the server's to say, with `<base>`: everything is named from there.
  base: "./",
  html: { cspNonce: "__BECKON_NONCE__" },
  build: {
    // Inside the server's package, which serves and publishes them.
    outDir: "../../packages/server/dashboard/dist",
    emptyOutDir: true,
    target: "es2022",
    // Inlined files would be `data:` URLs, which the pages' policy does not load.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    reportCompressedSize: false,
    manifest: "manifest.json",
    chunkSizeWarningLimit: 600,
  },
  server: {
    proxy: { "/trpc": SERVER, "/api": SERVER, "/session": SERVER },
  },
});
