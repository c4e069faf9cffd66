import { defineConfig } from "vitest/config";

// packages of the workspace are taken from their sources: no build before a test
const conditions = ["assay-source", "node", "import", "module", "default"];
const shared = { resolve: { conditions }, ssr: { resolve: { conditions, externalConditions: conditions } } };

export default defineConfig({
  test: {
    pool: "forks",
    execArgv: ["--conditions=assay-source"],
    projects: [
      { ...shared, test: { name: "core", include: ["library/core/src/**/*.test.ts", "tools/**/*.test.ts"], testTimeout: 30_000 } },
      { ...shared, test: { name: "kernel", include: ["kernel/src/**/*.test.ts"], testTimeout: 30_000 } },
      {
        ...shared,
        test: {
          name: "lab",
          include: ["library/lab/src/**/*.test.ts"],
          globalSetup: ["library/lab/src/testing/global-setup.ts"],
          testTimeout: 60_000,
          hookTimeout: 60_000,
        },
      },
    ],
  },
});
