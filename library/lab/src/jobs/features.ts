import { z } from "zod";
import { materializeRequest, trainingSetRequest } from "../contract/feature-views.ts";
import { getFeatureView, makeTrainingSet, materialize } from "../datasets/index.ts";
import { defineJobKind } from "./kinds.ts";

/** A feature view's rows read and stored; a schedule keeps a view fresh with it. */
defineJobKind({
  name: "materialize",
  request: materializeRequest,
  async plan(session, request) {
    await getFeatureView(session, request.feature_view);
    return { request };
  },
  async run(session, { feature_view }, { signal, progress, log }) {
    const { name, version, materialized } = await materialize(session, feature_view, { signal, progress });
    log(`${name}@${version}: ${materialized!.rows} rows of ${materialized!.keys} keys`);
    return { feature_view: `${name}@${version}`, materialized };
  },
});

/** A training set joined elsewhere. */
defineJobKind({
  name: "training-set",
  request: trainingSetRequest.extend({ feature_view: z.string().min(1) }),
  run: (session, { feature_view, ...request }) => makeTrainingSet(session, feature_view, request),
});
