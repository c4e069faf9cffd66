import * as ml from "assay";
import { sql } from "kysely";
import type { StudyInfo } from "../contract/studies.ts";
import type { Session } from "../projects/session.ts";
import { snakeKeys } from "./studies-json.ts";
import { getStudy } from "./studies-list.ts";

/** Trials that a plot of parameters, or their importance, is made from at most: spread evenly over the study. */
const sampleMax = 5000;
/** Trials whose values the history reads at most. */
const historyMax = 500_000;

/** Trials as plots and importances read them. */
type Sampled = ml.PlottedTrial & Pick<ml.TrialRecord, "distributions">;

/** Each parameter's share in what the values vary by, greatest first; of at most 5,000 trials. Throws NotFoundError. */
export async function studyImportance(session: Session, ref: string): Promise<readonly ml.ParamImportance[]> {
  const study = await getStudy(session, ref);
  return importanceOf(study, await sampledTrials(session, study));
}

/** The figures of a study: history, parameters in parallel, slices, importance, reports on the way, Pareto front of two objectives. */
export async function studyFigures(session: Session, ref: string): Promise<Readonly<Record<string, ml.Figure>>> {
  const study = await getStudy(session, ref);
  const trials = await sampledTrials(session, study);
  const metric = study.metric ?? "value";
  const said = {
    name: study.name,
    directions: study.directions,
    metrics: study.directions.length === 1 ? [metric] : undefined,
    logParams: study.space
      ? Object.entries(study.space).flatMap(([name, entry]) => ((entry as { log?: boolean }).log ? [name] : []))
      : undefined,
  };
  const sampled = { ...said, trials };
  const importance = await importanceOf(study, trials);
  return {
    history: ml.plotStudyHistory({ ...said, trials: await valuedTrials(session, study) }),
    parallel: ml.plotStudyParallel(sampled),
    slice: ml.plotStudySlice(sampled),
    importance: ml.plotStudyImportance(Object.fromEntries(importance.map(({ param, importance }) => [param, importance]))),
    intermediate: ml.plotStudyIntermediate({ ...said, trials: await reportingTrials(session, study) }),
    ...(study.directions.length === 2 && { pareto: ml.plotStudyPareto(sampled) }),
  };
}

async function importanceOf(study: StudyInfo, trials: readonly Sampled[]): Promise<readonly ml.ParamImportance[]> {
  const own = await ml.createStudy({ directions: study.directions });
  await own.addTrials(
    trials.map(({ state, params, distributions, values }) => ({ state: state as "completed", params, distributions, values })),
  );
  return own.importance();
}

/** Completed trials, of many only every n-th; parameters are named as HTTP does. */
async function sampledTrials({ db }: Session, { id, n_trials }: StudyInfo): Promise<readonly Sampled[]> {
  const stride = Math.max(1, Math.ceil(n_trials / sampleMax));
  const { rows } = await sql<Sampled>`
    select t.number, t.state, t.params, t.distributions, t.values from generate_series(0, ${n_trials - 1}::integer, ${stride}::integer) g (number)
    join trials t on t.study_id = ${id} and t.number = g.number
    where t.state = 'completed' and t.values[1] <> 'NaN' order by t.number`.execute(db);
  return rows.map((row) => ({ ...row, params: snakeKeys(row.params), distributions: snakeKeys(row.distributions) }));
}

/** The values alone of all completed trials: a line of the best so far has no gap. */
async function valuedTrials({ db }: Session, { id }: StudyInfo): Promise<readonly ml.PlottedTrial[]> {
  const rows = await db
    .selectFrom("trials")
    .select(["number", "values"])
    .where("study_id", "=", id)
    .where("state", "=", "completed")
    .orderBy("number")
    .limit(historyMax)
    .execute();
  return rows.map(({ number, values }) => ({ number, values, state: "completed", params: {} }));
}

/** The last hundred trials with what they reported. */
async function reportingTrials({ db }: Session, { id }: StudyInfo): Promise<readonly ml.PlottedTrial[]> {
  const { rows } = await sql<ml.PlottedTrial & { steps: number[]; reported: number[] }>`
    select t.number, t.state, t.values, r.steps, r.reported
    from (select * from trials where study_id = ${id} and reports > 0 order by number desc limit 100) t,
      lateral (
        select array_agg(step order by id) as steps, array_agg(value order by id) as reported from trial_reports
        where study_id = t.study_id and number = t.number and attempt = t.attempt
      ) r
    order by t.number`.execute(db);
  return rows.map(({ number, state, values, steps, reported }) => ({
    number,
    state,
    values,
    params: {},
    intermediate: steps.map((step, k) => [step, reported[k]!] as const),
  }));
}
