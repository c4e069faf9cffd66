import type { ModelVersion } from "assay-lab/contract";
import { useEvents, useSoon } from "../elements/use-events";
import { type Loaded, useLoaded } from "../elements/use-loaded";
import { usePanel } from "../panel";
import { everyPage, routes } from "../routes";

/** A model and its versions, newest first. */
export interface Model {
  name: string;
  versions: ModelVersion[];
}

/** Loads the registry and follows its changes. */
export function useModels(): Loaded<Model[]> {
  const { api } = usePanel();
  const loaded = useLoaded("models", async () => grouped(await everyPage((cursor) => routes.versions(api, cursor))));
  const soon = useSoon(loaded.reload, 150);
  useEvents((event) => {
    if (event.kind === "model") soon();
  }, loaded.reload);
  return loaded;
}

function grouped(versions: readonly ModelVersion[]): Model[] {
  const models = new Map<string, ModelVersion[]>();
  for (const version of versions) models.set(version.name, [...(models.get(version.name) ?? []), version]);
  return [...models]
    .map(([name, members]) => ({ name, versions: members.sort((a, b) => b.created_at.localeCompare(a.created_at)) }))
    .sort((a, b) => a.name.localeCompare(b.name));
}
