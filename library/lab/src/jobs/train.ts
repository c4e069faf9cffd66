import { trainRequest } from "../contract/training.ts";
import { defineJobKind } from "./kinds.ts";
import { planTraining, train } from "./training.ts";

/** A training: split, fit, evaluation and model file of one run. It goes on from its last checkpoint where the algorithm can. */
defineJobKind({
  name: "train",
  request: trainRequest,
  plan: async (session, body) => {
    const { request, run, memory } = await planTraining(session, body);
    return { request, run, memory };
  },
  run: async (session, request, { runId, signal, checkpoints }) =>
    train(session, await planTraining(session, request), runId!, signal, checkpoints),
});
