import { abTestRoutes, outcomeRoutes } from "./ab-routes.ts";
import { algorithmRoutes } from "./algorithm-routes.ts";
import { artifactRoutes } from "./artifact-routes.ts";
import { authRoutes } from "./auth-routes.ts";
import { chartRoutes } from "./chart-routes.ts";
import { dataRoutes } from "./data-routes.ts";
import { datasetRoutes, storageRoutes } from "./dataset-routes.ts";
import { etlRoutes } from "./etl-routes.ts";
import { eventRoutes } from "./event-routes.ts";
import { exoplanetRoutes } from "./exoplanet-routes.ts";
import { experimentRoutes } from "./experiment-routes.ts";
import { featureRoutes } from "./feature-routes.ts";
import { healthRoutes } from "./health-routes.ts";
import { importRoutes } from "./import-routes.ts";
import { jobRoutes, scheduleRoutes } from "./job-routes.ts";
import { manyRunRoutes } from "./many-run-routes.ts";
import { modelRoutes } from "./model-routes.ts";
import { alertRoutes, monitorRoutes } from "./monitor-routes.ts";
import { operationRoutes } from "./operation-routes.ts";
import { predictionFileRoutes, predictionRoutes, subjectRoutes } from "./prediction-routes.ts";
import { projectRoutes } from "./project-routes.ts";
import { recommendRoutes } from "./recommend-routes.ts";
import { reportRoutes } from "./report-routes.ts";
import { runRoutes } from "./run-routes.ts";
import { selectionRoutes } from "./selection-routes.ts";
import { splitRoutes } from "./split-routes.ts";
import { studyRoutes } from "./study-routes.ts";
import { studyStorageRoutes } from "./study-storage-routes.ts";
import { trainingRoutes } from "./training-routes.ts";
import { userRoutes } from "./user-routes.ts";
import { templateRoutes, viewRoutes } from "./view-routes.ts";
import { workoutLogRoutes } from "./workout-log-routes.ts";
import { workoutRoutes } from "./workout-routes.ts";

/** Every route of the service by group and verb: what the typed client, the OpenAPI document and the tests are made from. */
export const routes = {
  datasets: datasetRoutes,
  storage: storageRoutes,
  data: dataRoutes,
  splits: splitRoutes,
  charts: chartRoutes,
  featureViews: featureRoutes,
  selection: selectionRoutes,
  studies: { ...studyRoutes, ...studyStorageRoutes },
  imports: importRoutes,
  events: eventRoutes,
  views: viewRoutes,
  templates: templateRoutes,
  algorithms: algorithmRoutes,
  experiments: experimentRoutes,
  runs: { ...runRoutes, ...manyRunRoutes },
  artifacts: artifactRoutes,
  reports: reportRoutes,
  jobs: jobRoutes,
  schedules: scheduleRoutes,
  models: { ...modelRoutes, ...trainingRoutes },
  predictions: predictionRoutes,
  predictionFiles: predictionFileRoutes,
  outcomes: outcomeRoutes,
  abTests: abTestRoutes,
  monitors: monitorRoutes,
  alerts: alertRoutes,
  subjects: subjectRoutes,
  exoplanets: exoplanetRoutes,
  workouts: { ...workoutRoutes, ...workoutLogRoutes },
  etl: etlRoutes,
  recommend: recommendRoutes,
  auth: authRoutes,
  users: userRoutes,
  projects: projectRoutes,
  health: healthRoutes,
  operations: operationRoutes,
};
