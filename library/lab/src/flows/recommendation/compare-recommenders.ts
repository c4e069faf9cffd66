import * as ml from "assay";
import type { z } from "zod";
import { type RecommenderComparison, recommendCompare } from "../../contract/recommend.ts";
import { datasetVersion } from "../../datasets/index.ts";
import { defineJobKind } from "../../jobs/index.ts";
import type { Session } from "../../projects/session.ts";
import { fitRecommender } from "./fit-recommender.ts";
import { readInteractions } from "./read-interactions.ts";

type Request = z.output<typeof recommendCompare>;

/** Recommenders fitted on the same rows of the ETL and judged on the same users, beside popularity and chance; none is kept. */
defineJobKind({
  name: "recommend-compare",
  request: recommendCompare.strict(),
  plan: async (session, asked) => {
    for (const { algorithm, hyperparameters } of asked.models) ml.recommenderByName(algorithm, hyperparameters);
    const cited = async (ref: string): Promise<string> => {
      const { name, version } = await datasetVersion(session, ref);
      return `${name}@${version}`;
    };
    const dataset_id = await cited(asked.dataset_id);
    return { request: { ...asked, dataset_id, test_dataset_id: await cited(asked.test_dataset_id) } };
  },
  run: (session, asked, { signal, log, progress }) =>
    compare(session, asked, { signal, log, progress: (done) => progress(done, asked.models.length + 1) }),
});

interface Surroundings {
  readonly signal: AbortSignal;
  readonly log: (message: string) => void;
  readonly progress: (done: number) => void;
}

async function compare(
  session: Session,
  asked: Request,
  { signal, log, progress }: Surroundings,
): Promise<RecommenderComparison> {
  const sides = new Set(asked.models.flatMap(({ algorithm }) => ml.recommenderEntry(algorithm).features));
  const stored = await readInteractions(session, asked.dataset_id, asked.engagement, [...sides]);
  const held = await readInteractions(session, asked.test_dataset_id, asked.engagement);
  const models: Record<string, ml.RecommenderModel> = {};
  for (const [done, spec] of asked.models.entries()) {
    const name = nameOf(asked.models, done);
    models[name] = await fitRecommender(spec, stored, { signal });
    log(`fitted ${name}`);
    progress(done + 1);
  }
  const { newUsers, k, ...report } = await ml.evaluateRecommenders(models, held.interactions, { k: asked.k });
  return { ...report, new_users: newUsers, k: [...k], models: [...report.models], differences: [...report.differences] };
}

/** The algorithm's name, numbered where it stands several times. */
function nameOf(models: Request["models"], place: number): string {
  const names = models.map(({ algorithm }) => ml.recommenderEntry(algorithm).name);
  const own = names[place]!;
  if (names.indexOf(own) === names.lastIndexOf(own)) return own;
  return `${own} ${names.slice(0, place + 1).filter((name) => name === own).length}`;
}
