import type { Reporter, SerializedError, TestModule } from "vitest/node";

/**
 * Ends a run with a plain line, `N passed, N failed`, which CI reads; where tests were skipped `, N skipped` follows.
 *
 * A file that does not load, and an error outside all tests, count as failures.
 */
export class ClosingLineReporter implements Reporter {
  onTestRunEnd(modules: readonly TestModule[], unhandledErrors: readonly SerializedError[]): void {
    let passed = 0;
    let failed = unhandledErrors.length;
    let skipped = 0;
    for (const module of modules) {
      const states = [...module.children.allTests()].map((test) => test.result().state);
      const failures = states.filter((state) => state === "failed").length;
      passed += states.filter((state) => state === "passed").length;
      skipped += states.filter((state) => state === "skipped").length;
      failed += failures === 0 && !module.ok() ? 1 : failures;
    }
    process.stdout.write(`${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ""}\n`);
  }
}
