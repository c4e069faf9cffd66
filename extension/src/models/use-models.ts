import type { Alert, ModelVersion } from "assay-lab/contract";
import { useEvents, useSoon } from "../elements/use-events";
import { type Loaded, useLoaded } from "../elements/use-loaded";
import { modelRoutes } from "../model-routes";
import { monitorRoutes } from "../monitoring/monitor-routes";
import { usePanel } from "../panel";
import { everyPage } from "../routes";

/** A model as the list shows it. */
export interface Model {
  name: string;
  versions: number;
  production: ModelVersion | undefined;
  newest: ModelVersion;
  /** Each with the version that it points at. */
  aliases: { alias: string; version: string }[];
  /** Alerts that nobody has seen to yet. */
  openAlerts: number;
}

/** Loads the registry and follows its changes. */
export function useModels(): Loaded<Model[]> {
  const { api } = usePanel();
  const loaded = useLoaded("models", async () => {
    const [versions, alerts] = await Promise.all([
      everyPage((cursor) => modelRoutes.versions(api, cursor)),
      monitorRoutes.alerts(api, { alert_status: "open" }),
    ]);
    return modelsOf(versions, alerts);
  });
  const soon = useSoon(loaded.reload, 150);
  useEvents((event) => event.kind === "model" && soon(), loaded.reload);
  return loaded;
}

/** Rows that a model's version in production, else its newest, was asked for in the last 24 hours. */
export function useTraffic(name: string, wanted: boolean): Loaded<number> {
  const { api } = usePanel();
  return useLoaded(wanted ? `traffic ${name}` : null, async () => {
    const from = new Date(Date.now() - 24 * 3_600_000).toISOString();
    return (await monitorRoutes.drift(api, name, { from, step: "day" })).traffic.rows;
  });
}

function modelsOf(versions: readonly ModelVersion[], alerts: readonly Alert[]): Model[] {
  const members = new Map<string, ModelVersion[]>();
  for (const version of versions) members.set(version.name, [...(members.get(version.name) ?? []), version]);
  return [...members]
    .map(([name, all]) => ({
      name,
      versions: all.length,
      production: all.find(({ version_status }) => version_status === "production"),
      newest: all[0]!, // the service answers the newest first
      aliases: all
        .flatMap(({ aliases, version }) => aliases.map((alias) => ({ alias, version })))
        .sort((a, b) => a.alias.localeCompare(b.alias)),
      openAlerts: alerts.filter(({ model }) => model === name).length,
    }))
    .sort((a, b) => a.name.localeCompare(b.name));
}
