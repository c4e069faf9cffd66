"use strict";
// What TypeScript found, said once more for those who know Python's libraries: their name for a thing, and ours.

/** Names of pandas, for what a table has under another one. */
const ofTables = {
  agg: 'table.groupBy(["a"]).aggregate({ b: "mean" })',
  apply: "table.derive({ b: (row) => … })",
  assign: "table.derive({ b: (row) => … })",
  astype: 'table.cast({ a: "category" })',
  columns: "table.names",
  corr: "ml.profile(table)",
  describe: "ml.profile(table)",
  dropduplicates: "table.distinct()",
  dropna: "table.where((row) => row.a !== null)",
  dtypes: 'table.kind("a"), of all columns ml.profile(table)',
  fillna: "ml.imputer() in a pipeline",
  filter: "table.where((row) => …)",
  iloc: "table.slice or table.take",
  info: "ml.profile(table)",
  isna: "ml.profile(table)",
  isnull: "ml.profile(table)",
  iterrows: "table.toRows()",
  loc: "table.where((row) => …)",
  map: "table.derive({ b: (row) => … })",
  merge: "table.join",
  nunique: "ml.profile(table)",
  pivottable: "table.pivot",
  plot: "ml.plotHistogram, ml.plotScatter and the like",
  query: "table.where((row) => …), or await table.sql",
  shape: "table.rows and table.names.length",
  size: "table.rows",
  sortvalues: 'table.sort("a")',
  tocsv: 'await ml.writeCsv(table, "a.csv")',
  todict: "table.toRows()",
  toparquet: 'await ml.writeParquet(table, "a.parquet")',
  unique: 'new Set(table.values("a"))',
  valuecounts: 'table.groupBy(["a"]).aggregate({ n: "rows" })',
};

/** Names of scikit-learn, XGBoost and LightGBM, for what the library exports under another one. */
const ofLibrary = {
  accuracyscore: "ml.accuracy",
  crossvalscore: "ml.crossValidate",
  dataframe: "ml.table",
  f1score: "ml.f1",
  gridsearchcv: "ml.tune with ml.gridSampler",
  kneighborsclassifier: "ml.knnClassifier",
  kneighborsregressor: "ml.knnRegressor",
  lgbmclassifier: "ml.histGradientBoostingClassifier, or ml.fromLightgbmParams with LightGBM's names",
  lgbmregressor: "ml.histGradientBoostingRegressor, or ml.fromLightgbmParams with LightGBM's names",
  makecolumntransformer: "ml.columnTransformer",
  makepipeline: "ml.pipeline",
  meanabsoluteerror: "ml.mae",
  meansquarederror: "ml.mse",
  partialdependencedisplay: "ml.partialDependence",
  precisionscore: "ml.precision",
  r2score: "ml.r2",
  randomizedsearchcv: "ml.tune with ml.randomSampler",
  recallscore: "ml.recall",
  rocaucscore: "ml.rocAuc",
  rootmeansquarederror: "ml.rmse",
  simpleimputer: "ml.imputer",
  traintestsplit: "ml.split",
  xgbclassifier: "ml.histGradientBoostingClassifier, or ml.fromXgboostParams with XGBoost's names",
  xgbregressor: "ml.histGradientBoostingRegressor, or ml.fromXgboostParams with XGBoost's names",
};

/** Options of scikit-learn and Optuna, for those of our functions. */
const ofOptions = {
  cv: "folds",
  ntrials: "trials",
  njobs: "threads, among the options of a fit",
  nsplits: "folds",
  randomstate: "seed",
  sampleweight: "weight",
  scoring: "metric or metrics",
  testsize: "test",
  timeout: "seconds",
  trainsize: "test",
};

const cells = "string | number | boolean | Date";
const castHint = 'a cell may be of any kind: say which, as in (row["age"] as number) > 80, or String(row["city"])';

/**
 * A sentence more for a message of the type checker, undefined where there is none.
 * @param {string} message
 */
function hintFor(message) {
  const [, property, type] = /^Property '(.+?)' does not exist on type '(.+?)'\./.exec(message) ?? [];
  const name = plain(property);
  if (type === "Table" || /^Promise<Table>$/.test(type ?? "")) return own(ofTables, name);
  if (type === 'typeof import("assay")') return own(ofLibrary, name);
  const [, option] = /^Object literal may only specify known properties, and '(.+?)' does not exist/.exec(message) ?? [];
  if (option) return own(ofOptions, plain(option));
  if (isOfColumn(message)) return `a table's column is table.values(${columnOf(message)}), some of them a table by table.select`;
  return message.includes(`'${cells}'`) || /^'row\b.*' is possibly 'null'/.test(message) ? castHint : undefined;
}

/** Whether a message says that a table was asked for a column by brackets: in a cell that gives undefined, and nobody would say why. */
function isOfColumn(message) {
  return /expression of type '"[^']*"' can't be used to index type 'Table'/.test(message);
}

function columnOf(message) {
  return /expression of type '("[^']*")'/.exec(message)[1];
}

function own(names, name) {
  return Object.hasOwn(names, name) ? `here: ${names[name]}` : undefined;
}

/** A name whatever its case and underscores. */
function plain(name = "") {
  return name.replaceAll("_", "").toLowerCase();
}

module.exports = { hintFor, isOfColumn, ours: [ofTables, ofLibrary].flatMap(Object.values) };
