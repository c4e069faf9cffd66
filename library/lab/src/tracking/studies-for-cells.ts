import * as ml from "assay";
import type { Study, StudyInfo, TrialInfo, TrialQuery } from "../contract/studies.ts";
import { display, htmlTable } from "../html.ts";
import type { Session } from "../projects/session.ts";
import { type LabStudyStorage, studyStorage } from "./studies.ts";
import { deleteStudy, getStudy, listStudies, listTrials } from "./studies-list.ts";

/** Studies as cells use them; a storage of `ml.tune` and `ml.createStudy` too. */
export interface Studies extends LabStudyStorage {
  /** The newest studies, each with its best value. */
  list(query?: { readonly limit?: number; readonly cursor?: string }): Promise<readonly Study[]>;
  /** A study by name or id. Throws NotFoundError with the near name. */
  get(ref: string): Promise<StudyInfo>;
  /** One page of its trials. */
  trials(ref: string, query?: TrialQuery): Promise<readonly TrialInfo[]>;
  /** Merges attributes of a trial by key, of an ended one too: what people found out about it. Throws NotFoundError. */
  setTrialAttributes(ref: string, number: number, attributes: ml.Attributes): Promise<void>;
  /** Asks every process that works at it to stop after its running trials. */
  stop(ref: string): Promise<void>;
  /** Removes it with its trials; their runs stay. */
  delete(ref: string): Promise<void>;
}

/** The studies of a session. */
export function studiesOf(session: Session): Studies {
  const storage = studyStorage(session);
  return {
    ...storage,
    list: async (query) => shownStudies((await listStudies(session, query)).items),
    get: async (ref) => shownStudy(await getStudy(session, ref)),
    trials: async (ref, query) => shownTrials((await listTrials(session, (await getStudy(session, ref)).id, query)).items),
    setTrialAttributes: async (ref, number, attributes) =>
      storage.setTrialAttributes((await getStudy(session, ref)).id, number, attributes),
    stop: async (ref) => storage.setStopped((await getStudy(session, ref)).id, true),
    delete: (ref) => deleteStudy(session, ref),
  };
}

/** A study with all its trials, to look at or to go on with. Throws NotFoundError with the near name. */
export async function openStudy(session: Session, ref: string): Promise<ml.Study> {
  return ml.createStudy({ storage: studyStorage(session), ...studyOptions(await getStudy(session, ref)) });
}

/** How a study that is there is opened again: its name, sampler and pruner. */
export function studyOptions({ name, attributes }: StudyInfo) {
  const { sampler, pruner } = attributes as { sampler?: ml.SamplerJson; pruner?: ml.PrunerJson };
  return { name, ...(sampler !== undefined && { sampler }), ...(pruner !== undefined && { pruner }) };
}

/** A study, drawn as a table in a notebook. */
export function shownStudy(study: StudyInfo): StudyInfo {
  return display(study, () => tableOf([study]));
}

/** Studies, drawn as a table in a notebook. */
export function shownStudies(studies: readonly Study[]): readonly Study[] {
  return display([...studies], () => tableOf(studies));
}

function tableOf(studies: readonly Study[]): string {
  return htmlTable(
    studies.map((study) => ({
      name: study.name,
      status: study.study_status,
      trials: study.n_trials,
      ...(study.trials.failed && { failed: study.trials.failed }),
      ...(study.trials.pruned && { pruned: study.trials.pruned }),
      metric: study.metric,
      best: study.best_value,
      "best parameters": study.best_params && JSON.stringify(study.best_params),
      created: study.created_at.slice(0, 19).replace("T", " "),
    })),
  );
}

/** Trials, drawn as a table in a notebook. */
export function shownTrials(trials: readonly TrialInfo[]): readonly TrialInfo[] {
  const rows = trials.map(({ number, state, values, params, error, duration_ms }) => ({
    number,
    state,
    value: values?.join(", "),
    ...params,
    seconds: duration_ms === null ? null : duration_ms / 1000,
    ...(error !== null && { error }),
  }));
  return display([...trials], () => htmlTable(rows));
}
