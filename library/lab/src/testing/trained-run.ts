import * as ml from "assay";
import type { Session } from "../projects/session.ts";
import { ActiveRun, createRun, finishRun } from "../tracking/index.ts";
import { flowers } from "./flowers.ts";

const features = ["petal_length", "petal_width", "colour"];

/** A run that trained a tree of a depth on the flowers, with evaluation and model; of a stored dataset where its version's id is given. */
export async function trainedRun(session: Session, maxDepth: number, datasetVersionId?: string): Promise<string> {
  const { train, test } = ml.split(flowers(), { stratify: "kind" });
  const id = await createRun(session, {
    experiment: "flowers",
    status: "training",
    ...(datasetVersionId !== undefined && { datasetVersionId }),
  });
  const run = new ActiveRun(session, id);
  const estimator = ml.autoPreprocess(ml.decisionTreeClassifier({ maxDepth }), train, features);
  const model = await estimator.fit(train, { target: "kind", features, observer: run });
  await run.evaluate(model, test);
  await run.saveModel(model);
  await run.flush();
  await finishRun(session, id, "completed");
  return id;
}
