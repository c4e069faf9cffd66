import { defineConfig } from "vitest/config";

// packages of the workspace are taken from their sources: no build before a test
const shared = {
  resolve: { conditions: ["assay-source", "module", "node"] },
  ssr: { resolve: { conditions: ["assay-source", "module", "node"], externalConditions: ["assay-source", "node"] } },
};
const pool = { pool: "forks", execArgv: ["--conditions=assay-source"] } as const;

export default defineConfig({
  test: {
    projects: [
      {
        ...shared,
        test: { ...pool, name: "core", include: ["library/core/src/**/*.test.ts", "tools/*.test.ts"], testTimeout: 30_000 },
      },
      { ...shared, test: { ...pool, name: "kernel", include: ["kernel/src/**/*.test.ts"], testTimeout: 30_000 } },
      {
        ...shared,
        test: {
          ...pool,
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
