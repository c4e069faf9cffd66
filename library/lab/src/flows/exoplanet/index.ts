export { type CheckedSignals, checkSignals } from "./check-signals.ts";
export { listSignals, uploadSignals } from "./datasets.ts";
export { exampleSignals } from "./example-signals.ts";
export { type Exoplanets, exoplanetsOf, type FollowSession, type SentSession } from "./for-cells.ts";
export { type LimbDarkening, limbDarkening } from "./limb-darkening.ts";
export {
  type ExoplanetModel,
  predictSignals,
  type SignalAnswers,
  type TrainExoplanetsOptions,
  type TrainingHistory,
  trainExoplanets,
  trainingHistory,
} from "./network.ts";
export { predictLabels } from "./predict.ts";
export { readSignals } from "./read-signals.ts";
export { cancelSession, getSession, listSessions, startSession } from "./sessions.ts";
export {
  type TransitShape,
  type TransitSignal,
  transitCurve,
  transitCurves,
  transitPhases,
  transitShape,
} from "./transit-curve.ts";
export { transitFlux } from "./transit-flux.ts";
