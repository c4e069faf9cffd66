import type { Job, StudyInfo, TrialInfo } from "assay-lab/contract";
import { useRef } from "react";
import { useBehind } from "../elements/use-behind";
import { useCatchUp } from "../elements/use-catch-up";
import { useEvents, useSoon } from "../elements/use-events";
import { type Loaded, useLoaded } from "../elements/use-loaded";
import { jobRoutes } from "../job-routes";
import { usePanel } from "../panel";
import { everyPage } from "../routes";
import { type StudyFigures, studyRoutes } from "../study-routes";

/** A study with its trials and figures, kept live. */
interface StudyState {
  study: Loaded<StudyInfo>;
  trials: Loaded<TrialInfo[]>;
  figures: Loaded<StudyFigures>;
  /** The job that leads the search. */
  job: Loaded<Job>;
}

const pageSize = 500;
/** Trials that the document holds at most: the first ones. */
export const trialsMost = 20_000;
/** Figures are costly: they follow no faster. */
const figuresMs = 3000;

/** Loads a study by id or name, and follows it: how it stands at once, its newest trials twice a second, its figures every few seconds. */
export function useStudy(ref: string): StudyState {
  const { api } = usePanel();
  const study = useLoaded(ref, () => studyRoutes.get(api, ref));
  const id = study.data?.id ?? null;
  const trials = useLoaded(id, () =>
    everyPage((cursor) => studyRoutes.trials(api, id!, { limit: pageSize, ...(cursor && { cursor }) }), trialsMost),
  );
  const figures = useLoaded(id, () => studyRoutes.figures(api, id!));
  const job = useLoaded(study.data?.job_id ?? null, () => jobRoutes.get(api, study.data!.job_id!));
  const { data: held, change } = trials;
  const isLoading = useRef(trials.loading);
  isLoading.current = trials.loading;

  const newest = useCatchUp(async () => {
    if (id === null) return;
    if (!held || trials.loading) return behindTrials();
    const { items } = await studyRoutes.trials(api, id, { limit: pageSize, sort: "-number" });
    if (isLoading.current) return behindTrials(); // what is on its way was asked for later
    const oldest = items.at(-1)?.number ?? 0;
    if (oldest > held.length) trials.reload();
    else change((old) => [...old.slice(0, oldest), ...[...items].reverse()]);
  }, 500);
  const behindTrials = useBehind(trials.loading, newest);
  const redraw = useSoon(() => {
    figures.reload();
    job.reload();
  }, figuresMs);
  const reload = () => {
    study.reload();
    trials.reload();
    figures.reload();
    job.reload();
  };
  const whole = useSoon(reload, 300);
  const behindStudy = useBehind(study.loading, reload);

  useEvents((event) => {
    // whose event it is is known when the study is there
    if (id === null && (event.kind === "job" || event.kind === "study")) behindStudy();
    if (event.kind === "job" && event.job_id === study.data?.job_id) whole();
    if (event.kind !== "study" || event.study_id !== id) return;
    const { kind: _, study_id: __, ...standing } = event;
    study.change((old) => ({ ...old, ...standing }));
    if (standing.study_status === "idle") whole();
    newest();
    redraw();
  }, reload);
  return { study, trials, figures, job };
}
