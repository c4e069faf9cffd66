import type { StudyInfo, TrialInfo } from "assay-lab/contract";
import { useEvents, useSoon } from "../elements/use-events";
import { type Loaded, useLoaded } from "../elements/use-loaded";
import { usePanel } from "../panel";
import { everyPage } from "../routes";
import { studyRoutes } from "../study-routes";

/** A study with its trials. */
export interface ComparedStudy {
  study: StudyInfo;
  /** In the order of their numbers; the first 5,000. */
  trials: readonly TrialInfo[];
}

const [pageSize, trialsMost] = [500, 5000];
/** How often they are read again while trials run. */
const againMs = 3000;

/** Loads studies with their trials, and reads them again while trials run. */
export function useComparedStudies(ids: readonly string[]): Loaded<ComparedStudy[]> {
  const { api } = usePanel();
  const one = async (id: string): Promise<ComparedStudy> => {
    const [study, trials] = await Promise.all([
      studyRoutes.get(api, id),
      everyPage((cursor) => studyRoutes.trials(api, id, { limit: pageSize, ...(cursor && { cursor }) }), trialsMost),
    ]);
    return { study, trials };
  };
  const loaded = useLoaded(ids.join(), () => Promise.all(ids.map(one)));
  const soon = useSoon(loaded.reload, againMs);
  useEvents((event) => {
    if (event.kind === "study" && ids.includes(event.study_id)) soon();
  }, loaded.reload);
  return loaded;
}
