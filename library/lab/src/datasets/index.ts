export { jsonRows } from "./cells.ts";
export { deleteChart, drawChart, getChart, listCharts, saveChart } from "./charts.ts";
export {
  changeDataset,
  type DatasetVersion,
  datasetVersion,
  deleteDataset,
  getDataset,
  listDatasets,
} from "./datasets.ts";
export { diffVersions } from "./diff.ts";
export { exportDataset } from "./export.ts";
export { type Features, featuresOf } from "./feature-view-for-cells.ts";
export { makeTrainingSet } from "./feature-view-join.ts";
export { featureLineage } from "./feature-view-lineage.ts";
export { materialize } from "./feature-view-materialize.ts";
export { onlineFeatures } from "./feature-view-online.ts";
export { defineFeatureView, deleteFeatureView, getFeatureView, listFeatureViews } from "./feature-views.ts";
export { type Charts, type Datasets, datasetsOf } from "./for-cells.ts";
export { parquetDraft } from "./parquet-draft.ts";
export { serveReading } from "./read-upload.ts";
export { holdDataset, recoverDatasets } from "./recover.ts";
export { isUuid } from "./references.ts";
export { restoreVersion } from "./restore.ts";
export { selectDatasetFeatures } from "./select-features.ts";
export {
  createSplit,
  deleteSplit,
  getSplit,
  listSplits,
  type OpenSplit,
  openSplit,
  partsOf,
  savedIndices,
} from "./splits.ts";
export { cleanDataset, previewLastStep, recipeOf, transformDataset, writeCell } from "./steps.ts";
export { datasetTable, sharedTable, someRows } from "./tables.ts";
export { type Upload, uploadDataset } from "./upload.ts";
export { changeQuota, storageUse } from "./versions.ts";
