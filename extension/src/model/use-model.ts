import type { AuditEntry, ModelVersion } from "assay-lab/contract";
import { useEvents, useSoon } from "../elements/use-events";
import { type Loaded, useLoaded } from "../elements/use-loaded";
import { modelRoutes } from "../model-routes";
import { usePanel } from "../panel";
import { everyPage } from "../routes";

/** A model's versions, newest first, with what is known beside them. */
export interface ModelState {
  name: string;
  versions: ModelVersion[];
  production: ModelVersion | undefined;
  /** Who deployed a version, by its id. */
  actors: ReadonlyMap<string, string>;
  /** The newest lines of the audit trail. */
  audit: AuditEntry[];
}

/** Loads a model by name and follows its changes. */
export function useModel(name: string): Loaded<ModelState> {
  const { api } = usePanel();
  const loaded = useLoaded(name, async () => {
    const [versions, { items: audit }] = await Promise.all([
      everyPage((cursor) => modelRoutes.versionsOf(api, name, cursor)),
      modelRoutes.audit(api, name),
    ]);
    return { name, versions, audit, production: versions.find(isInProduction), actors: actorsOf(audit) };
  });
  const soon = useSoon(loaded.reload, 150);
  useEvents((event) => event.kind === "model" && soon(), loaded.reload);
  return loaded;
}

function isInProduction({ version_status }: ModelVersion): boolean {
  return version_status === "production";
}

function actorsOf(audit: readonly AuditEntry[]): ReadonlyMap<string, string> {
  return new Map(
    audit.flatMap(({ action, model_id, actor }) =>
      action === "deploy" && model_id && actor ? [[model_id, actor] as const] : [],
    ),
  );
}
