import { mkdir } from "node:fs/promises";
import { etlSettings, etlSource } from "../../contract/etl.ts";
import { ensureServer } from "../../db/server.ts";
import { defineJobKind } from "../../jobs/index.ts";
import { createSource } from "./create-source.ts";
import { versionOf } from "./etl-runs.ts";
import { sizesOf } from "./size-settings.ts";
import { checkPlace } from "./source-place.ts";
import { storeEtl } from "./stored-etl.ts";

/** A run of the recommendation ETL, elsewhere; its steps are its progress, its log says what each did. A worker that ends in the middle is followed by one that goes on. */
defineJobKind({
  name: "etl",
  request: etlSettings.strict(),
  plan: async (session, request) => {
    checkPlace(request.mapping);
    await versionOf(session, request.version);
    return { request };
  },
  run: async (session, request, { jobId, signal, log, progress }) => {
    const { run } = await storeEtl(session, request, { id: jobId, jobId, signal, log, onProgress: progress, sizes: sizesOf() });
    const { etl_run_id, version, train_dataset, test_dataset, train_rows, test_rows } = run;
    return { etl_run_id, version, train_dataset, test_dataset, train_rows, test_rows };
  },
});

/** The made-up travel application, in Assay's own database. */
defineJobKind({
  name: "etl-source",
  request: etlSource.strict(),
  run: async (session, { random_seed: seed, until, ...size }, { log }) => {
    const { connection } = await ensureServer();
    const folder = session.store.path(`recommendation/project_${session.projectId}`);
    await mkdir(folder, { recursive: true, mode: 0o750 });
    const made = await createSource(connection, folder, {
      ...size,
      seed,
      until: until === undefined ? undefined : new Date(until),
    });
    log(
      `made ${Object.entries(made)
        .map(([table, rows]) => `${table} ${rows.toLocaleString("en")}`)
        .join(", ")}`,
    );
    return made;
  },
});
