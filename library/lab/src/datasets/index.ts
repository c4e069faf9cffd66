export {
  type DatasetVersion,
  datasetTable,
  datasetVersion,
  deleteDataset,
  getDataset,
  isUuid,
  listDatasets,
  type Upload,
  uploadDataset,
} from "./datasets.ts";
