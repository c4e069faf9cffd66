/** Name of the extension, and the prefix of its ids. */
export const extensionId = "assay-jupyterlab";

/** Every command, and what it takes. */
export const commandIds = {
  experiments: `${extensionId}:open-experiments`,
  newExperiment: `${extensionId}:new-experiment`,
  models: `${extensionId}:open-models`,
  datasets: `${extensionId}:open-datasets`,
  dataset: `${extensionId}:open-dataset`,
  fileAsDataset: `${extensionId}:file-as-dataset`,
  run: `${extensionId}:open-run`,
  compare: `${extensionId}:compare-runs`,
  studies: `${extensionId}:open-studies`,
  study: `${extensionId}:open-study`,
  leaderboard: `${extensionId}:open-leaderboard`,
  jobs: `${extensionId}:open-jobs`,
  sidebar: `${extensionId}:show-sidebar`,
} as const;
