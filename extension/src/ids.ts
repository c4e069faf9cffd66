/** Name of the extension, and the prefix of its plugins. */
export const extensionId = "assay-jupyterlab";

/** What the ids of commands begin with: assay:verb-noun. */
const commandPrefix = "assay";

/** Every command, and what it takes. */
export const commandIds = {
  experiments: `${commandPrefix}:open-experiments`,
  newExperiment: `${commandPrefix}:new-experiment`,
  models: `${commandPrefix}:open-models`,
  model: `${commandPrefix}:open-model`,
  abTests: `${commandPrefix}:open-ab-tests`,
  abTest: `${commandPrefix}:open-ab-test`,
  alerts: `${commandPrefix}:open-alerts`,
  datasets: `${commandPrefix}:open-datasets`,
  dataset: `${commandPrefix}:open-dataset`,
  fileAsDataset: `${commandPrefix}:add-dataset`,
  run: `${commandPrefix}:open-run`,
  compare: `${commandPrefix}:compare-runs`,
  studies: `${commandPrefix}:open-studies`,
  study: `${commandPrefix}:open-study`,
  compareStudies: `${commandPrefix}:compare-studies`,
  leaderboard: `${commandPrefix}:open-leaderboard`,
  jobs: `${commandPrefix}:open-jobs`,
  exoplanets: `${commandPrefix}:open-exoplanets`,
  workouts: `${commandPrefix}:open-workouts`,
  recommendations: `${commandPrefix}:open-recommendations`,
  tagRuns: `${commandPrefix}:tag-runs`,
  replayRun: `${commandPrefix}:replay-run`,
  registerRun: `${commandPrefix}:register-run`,
  cancelRuns: `${commandPrefix}:cancel-runs`,
  deleteRuns: `${commandPrefix}:delete-runs`,
  copyRunId: `${commandPrefix}:copy-run-id`,
  copyRunCell: `${commandPrefix}:copy-run-cell`,
  link: `${commandPrefix}:copy-link`,
  sidebar: `${commandPrefix}:show-sidebar`,
} as const;
