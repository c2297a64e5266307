import { defineConfig } from "vitest/config";

// `npm run dev` shows the page with hot reload on data of a real server.
const server = process.env.AGENTOPS_API_ENDPOINT ?? "http://127.0.0.1:8765";

export default defineConfig({
  base: "/",
  oxc: { jsx: { runtime: "automatic", importSource: "preact" } },
  build: {
    target: "es2022",
    cssTarget: ["chrome123", "firefox120", "safari17.5"], // light-dark() stays as it is written
    cssCodeSplit: false,
    assetsInlineLimit: 0, // the content security policy allows no data: URL
    modulePreload: { polyfill: false },
    license: { fileName: "assets/licenses.md" },
    rolldownOptions: {
      output: {
        // The bundle is committed: its names must not change when its content does.
        entryFileNames: "assets/app.js",
        chunkFileNames: "assets/[name].js",
        assetFileNames: "assets/app[extname]",
      },
    },
  },
  server: {
    host: "127.0.0.1",
    proxy: Object.fromEntries(["/v2", "/auth", "/static", "/docs", "/openapi.json"].map((path) => [path, server])),
  },
  test: { include: ["src/**/*.test.ts"], environment: "node" },
});
