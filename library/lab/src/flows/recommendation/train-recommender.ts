import * as ml from "assay";
import type { z } from "zod";
import { recommendTrain } from "../../contract/recommend.ts";
import { datasetVersion } from "../../datasets/index.ts";
import { defineJobKind, type JobContext } from "../../jobs/index.ts";
import type { Session } from "../../projects/session.ts";
import { ActiveRun, environmentOf } from "../../tracking/index.ts";
import { fitRecommender } from "./fit-recommender.ts";
import { keepRecommender } from "./keep-recommender.ts";
import { readInteractions } from "./read-interactions.ts";

type Request = z.output<typeof recommendTrain>;

/** A training of a recommender on rows of the ETL: fit, judged on the test rows beside popularity and chance, its vectors in the database. */
defineJobKind({
  name: "recommend",
  request: recommendTrain.strict(),
  plan: async (session, asked) => {
    const estimator = ml.recommenderByName(asked.algorithm, asked.hyperparameters);
    const [train, test] = await Promise.all(
      [asked.dataset_id, asked.test_dataset_id].map(async (ref) => {
        const { name, version, id } = await datasetVersion(session, ref);
        return { id, ref: `${name}@${version}` };
      }),
    );
    const request = { ...asked, dataset_id: train!.ref, test_dataset_id: test!.ref };
    return {
      request,
      run: {
        name: estimator.name,
        algorithm: estimator.name,
        params: estimator.params,
        datasetVersionId: train!.id,
        datasetName: train!.ref,
        request,
        environment: environmentOf(),
      },
    };
  },
  run: async (session, asked, job) => {
    const run = new ActiveRun(session, job.runId!);
    try {
      return await train(session, asked, job, run);
    } finally {
      await run.flush();
    }
  },
});

async function train(session: Session, asked: Request, { signal, runId }: JobContext, run: ActiveRun) {
  const stored = await readInteractions(
    session,
    asked.dataset_id,
    asked.engagement,
    ml.recommenderEntry(asked.algorithm).features,
  );
  const held = await readInteractions(session, asked.test_dataset_id, asked.engagement);
  const { interactions } = stored;
  const [users, items] = [ml.userIds(interactions).length, ml.itemIds(interactions).length];
  run.info(`${interactions.codes.length} interactions of ${users} users and ${items} items`);
  const model = await fitRecommender(asked, stored, { signal, observer: run });
  const report = await ml.evaluateRecommenders({ [model.name]: model }, held.interactions, { k: asked.k });
  const measures: Record<string, ml.MeasuredValue> = {};
  for (const { name, measures: found } of report.models)
    for (const [measure, value] of Object.entries(found)) {
      measures[`${name}.${measure}`] = value;
      run.log({ [measure]: value.value }, { split: name === model.name ? "test" : name });
    }
  run.info(`judged on ${report.users} users; ${report.newUsers} more were not at the fit`);
  await run.saveModel(model);
  const id = await keepRecommender(session, stored, model, { runId, measures });
  return { recommender_id: id, users, items, measures };
}
