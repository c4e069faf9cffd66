export { createStudy, type StudyOptions } from "./create-study.ts";
export { defaultSpace } from "./default-space.ts";
export type {
  CategoricalDistribution,
  Condition,
  Distribution,
  FloatDistribution,
  IntDistribution,
  ParamValue,
  Space,
  TrialParams,
} from "./distribution.ts";
export { type GridOptions, gridSampler } from "./grid-sampler.ts";
export type { History } from "./history.ts";
export { type HyperbandOptions, hyperbandPruner } from "./hyperband-pruner.ts";
export { memoryStorage } from "./memory-storage.ts";
export { type Nsga2Options, nsga2 } from "./nsga2-sampler.ts";
export type { Objective, OptimizeOptions } from "./optimize.ts";
export type { ImportanceOptions, ParamImportance } from "./param-importance.ts";
export { paretoFront } from "./pareto.ts";
export { type PatientPrunerOptions, patientPruner } from "./patient-pruner.ts";
export { type MedianPrunerOptions, medianPruner, type PercentilePrunerOptions, percentilePruner } from "./percentile-pruner.ts";
export { nopPruner, type PrunableTrial, type Pruner } from "./pruner.ts";
export { type PrunerJson, prunerFromJson, prunerNames } from "./pruner-json.ts";
export { type QmcOptions, qmcSampler } from "./qmc-sampler.ts";
export { type RandomSamplerOptions, randomSampler } from "./random-sampler.ts";
export type { Sampler, TogetherParams } from "./sampler.ts";
export { type SamplerJson, samplerFromJson, samplerNames } from "./sampler-json.ts";
export { searchRanges } from "./search-ranges.ts";
export type {
  AddedTrial,
  Attributes,
  Awaitable,
  BeginOptions,
  Begun,
  Direction,
  EndState,
  Intermediate,
  Lease,
  NewStudy,
  ReclaimOptions,
  StudyChanges,
  StudyRecord,
  StudyStorage,
  TrialEnd,
  TrialRecord,
  TrialState,
  TrialUpdate,
} from "./storage.ts";
export { Study, type StudyTrial } from "./study.ts";
export { type SuccessiveHalvingOptions, successiveHalvingPruner } from "./successive-halving-pruner.ts";
export { type ThresholdPrunerOptions, thresholdPruner } from "./threshold-pruner.ts";
export { type TpeOptions, tpe } from "./tpe-sampler.ts";
export { type SuggestOptions, Trial, TrialPruned } from "./trial.ts";
export type { ObjectiveResult, ToldState } from "./trial-end.ts";
export type { AlgorithmFactory, Tunable } from "./tunable.ts";
export { tune } from "./tune.ts";
export type { ArrayTuneOptions, ParamsOf, TunedStudy, TuneOptions, TuneSearch } from "./tune-options.ts";
export { type WilcoxonPrunerOptions, wilcoxonPruner } from "./wilcoxon-pruner.ts";
