import { fileURLToPath } from "node:url";
import { defineConfig } from "vitest/config";

// packages of the workspace are taken from their sources: no build before a test
const shared = {
  resolve: { conditions: ["assay-source", "module", "node"] },
  ssr: { resolve: { conditions: ["assay-source", "module", "node"], externalConditions: ["assay-source", "node"] } },
};
// limits of time are there to end what hangs, not to measure
const pool = { pool: "forks", execArgv: ["--conditions=assay-source"] } as const;

// a component test draws our panels, not JupyterLab's widgets
const jupyterlab = fileURLToPath(new URL("extension/src/testing/jupyterlab.tsx", import.meta.url));

/** Tests of core that look at how its modules and threads begin, put others in their place, or measure their own process. */
const alone = ["index", "base/pool", "data/download-inside", "neural/graph/memory"].map(
  (name) => `library/core/src/${name}.test.ts`,
);

/** Tests of the lab that put others in the place of its modules, or measure their own process. */
const ownProcess = ["api/decisions", "api/operations", "api/overload", "log", "registry/predict-file", "registry/shadow"].map(
  (name) => `library/lab/src/${name}.test.ts`,
);

/** Tests of the lab that ask a Spark Connect server, which `npm run test:spark` installs. */
const ofSpark = "library/lab/src/**/*.spark.test.ts";

/** What the tests of the lab share. */
const lab = {
  ...pool,
  // several of these tests run beside each other, and no service refuses a question because of it, nor because others fill the disk
  env: { ASSAY_THREADS: "2", ASSAY_LAG_MS: "600000", ASSAY_DISK_RESERVE_MB: "0" },
  globalSetup: ["library/lab/src/testing/global-setup.ts"],
  testTimeout: 300_000,
  hookTimeout: 300_000,
} as const;

export default defineConfig({
  test: {
    projects: [
      {
        ...shared,
        test: {
          ...pool,
          name: "core",
          include: ["library/core/src/**/*.test.ts", "tools/*.test.ts"],
          exclude: alone,
          isolate: false, // the library and its threads are loaded once a process, not once a file
          setupFiles: ["library/core/src/testing/whole-library.ts"],
          testTimeout: 120_000,
        },
      },
      { ...shared, test: { ...pool, name: "core-alone", include: alone, testTimeout: 120_000 } },
      { ...shared, test: { ...pool, name: "kernel", include: ["kernel/src/**/*.test.ts"], testTimeout: 120_000 } },
      {
        ...shared,
        test: {
          ...lab,
          name: "lab",
          include: ["library/lab/src/**/*.test.ts", "extension/test/*.test.ts"],
          exclude: [...ownProcess, ofSpark],
          isolate: false, // as core's: the lab is loaded once a process
          setupFiles: ["library/lab/src/testing/own-environment.ts"],
        },
      },
      { ...shared, test: { ...lab, name: "lab-alone", include: ownProcess } },
      {
        ...shared,
        test: {
          ...lab,
          name: "spark",
          include: [ofSpark],
          globalSetup: [...lab.globalSetup, "library/lab/src/testing/spark-setup.ts"],
          fileParallelism: false, // they share the server's two cores
        },
      },
      {
        ...shared,
        resolve: {
          ...shared.resolve,
          alias: [{ find: /^@jupyterlab\/(apputils|ui-components)$/, replacement: jupyterlab }],
        },
        test: {
          ...pool,
          name: "extension",
          include: ["extension/src/**/*.test.{ts,tsx}"],
          environment: "happy-dom",
          testTimeout: 120_000,
        },
      },
    ],
  },
});
