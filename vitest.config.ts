import { defineConfig } from "vitest/config";
import { ClosingLineReporter } from "./test/closing-line-reporter.ts";

export default defineConfig({
  test: {
    include: ["test/**/*.test.ts"],
    execArgv: ["--import", new URL("./scripts/typescript-in-threads.mjs", import.meta.url).href],
    // By default one core is left to itself; nobody else works while these tests run.
    maxWorkers: "100%",
    // Room for a busy machine; a test that learns says how long it needs.
    testTimeout: 120_000,
    hookTimeout: 120_000,
    expect: { poll: { timeout: 30_000 } },
    reporters: ["default", new ClosingLineReporter()],
    coverage: { include: ["src/**"], exclude: ["src/runtime/assembly/**", "src/runtime/kernels.wasm.ts"] },
  },
});
