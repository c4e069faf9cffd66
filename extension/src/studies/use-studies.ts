import type { Study } from "assay-lab/contract";
import { useEvents, useSoon } from "../elements/use-events";
import { type Loaded, useLoaded } from "../elements/use-loaded";
import { usePanel } from "../panel";
import { everyPage } from "../routes";
import { studyRoutes } from "../study-routes";

/** Loads every study, newest first, and keeps the list live. */
export function useStudies(): Loaded<Study[]> {
  const { api } = usePanel();
  const loaded = useLoaded("studies", () => everyPage((cursor) => studyRoutes.list(api, 200, cursor), 1000));
  const soon = useSoon(loaded.reload, 300);
  useEvents((event) => {
    if (event.kind !== "study") return;
    const { kind: _, study_id, ...standing } = event;
    if (loaded.data?.some(({ id }) => id === study_id))
      loaded.change((old) => old.map((study) => (study.id === study_id ? { ...study, ...standing } : study)));
    else soon();
  }, loaded.reload);
  return loaded;
}
