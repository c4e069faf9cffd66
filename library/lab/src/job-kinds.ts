// Every kind of job, one line each (how a kind is written: jobs/kinds.ts). Loaded by the library, the service and the workers.
import "./jobs/train.ts";
import "./jobs/replay.ts";
import "./jobs/tune.ts";
import "./jobs/compare.ts";
import "./jobs/predict.ts";
import "./jobs/monitor.ts";
import "./jobs/features.ts";
import "./flows/exoplanet/job.ts";
import "./flows/workout/job.ts";
import "./flows/recommendation/etl-job.ts";
import "./flows/recommendation/train-recommender.ts";
import "./flows/recommendation/compare-recommenders.ts";
