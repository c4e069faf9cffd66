import type { ModelVersion } from "../contract/models.ts";
import { display, htmlTable } from "../html.ts";
import type { Lab } from "../lab.ts";
import { requestOf, shownVersion, shownVersions } from "../registry/for-cells.ts";
import type { VersionRef } from "../registry/index.ts";
import type { MoveOptions } from "../registry/moves.ts";
import { remoteAbTests } from "./ab-tests.ts";
import { predictRemoteFile } from "./predict-file.ts";
import { predictRows } from "./predict-rows.ts";
import type { Service } from "./service.ts";

/** Versions of models, their moves, their predictions. */
export function remoteRegistry(service: Service): Lab["registry"] {
  const { client } = service;
  const move =
    (verb: "promote" | "demote" | "archive") =>
    async (version: VersionRef, options?: string | MoveOptions): Promise<ModelVersion> =>
      shownVersion((await client.models[verb]({ ...moveOf(options), id: refOf(version) })).model);
  return {
    ...remoteAbTests(service),
    ...settingsOf(service),
    async deploy(run, { name, version, description, tags }) {
      const experiment_id = typeof run === "string" ? run : run.id;
      const asked = { experiment_id, model_name: name, version, description, ...(tags && { tags }) };
      return shownVersion((await client.models.deploy(asked)).model);
    },
    promote: move("promote"),
    demote: move("demote"),
    archive: move("archive"),
    rollback: async (name, version, options) =>
      shownVersion((await client.models.rollback({ ...moveOf(options), id: name, to_version: version })).model),
    get: async (version) => shownVersion((await client.models.get({ id: refOf(version) })).model),
    list: async (query) => shownVersions((await client.models.list(query)).items),
    delete: async (version, options) => void (await client.models.delete({ ...options, id: refOf(version) })),
    download: (version, path) => service.download(`/api/ml/models/${encodeURIComponent(refOf(version))}/download`, path),
    check: async (version) => (await client.models.checks({ id: refOf(version) })).report,
    compare: async (versions) => (await client.models.compareVersions({ model_ids: versions.map(refOf) })).comparison,
    benchmark: async (versions, options) => (await client.models.benchmark(requestOf(versions.map(refOf), options))).benchmark,
    predict: (version, rows, options) => predictRows(service, { model_id: refOf(version) }, rows, options?.userId),
    predictFile: (version, path, options) => predictRemoteFile(service, refOf(version), path, options),
    async predictionFiles(query) {
      const { items } = await client.predictionFiles.list(query);
      return display([...items], () => htmlTable([...items]));
    },
    deletePredictionFile: async (jobId) => void (await client.predictionFiles.delete({ id: jobId })),
    eraseSubject: async (userId) => (await client.subjects.erase({ user_id: userId })).erased,
  };
}

/** What belongs to a model by its name. */
function settingsOf({ client }: Service): Pick<Lab["registry"], "alias" | "removeAlias" | "aliases" | "audit" | "settings"> {
  return {
    alias: async (name, alias, version, options) =>
      (await client.models.setAlias({ ...options, id: name, alias, version })).alias,
    removeAlias: async (name, alias, reason) => void (await client.models.deleteAlias({ id: name, alias, reason })),
    aliases: async (name) => (await client.models.aliases({ id: name })).items,
    audit: async (name, query) => (await client.models.audit({ ...query, id: name })).items,
    settings: async (name, changes) =>
      (await (changes ? client.models.changeSettings({ ...changes, id: name }) : client.models.settings({ id: name }))).settings,
  };
}

function refOf(version: VersionRef): string {
  return typeof version === "string" ? version : version.model_id;
}

function moveOf(options: string | MoveOptions = {}) {
  const { reason, expectedProduction, force } = typeof options === "string" ? { reason: options } : options;
  return { reason, expected_production: expectedProduction, force };
}
