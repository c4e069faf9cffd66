// Every kind of job, one line each (how a kind is written: jobs/kinds.ts). Loaded by the library, the service and the workers.
import "./jobs/train.ts";
import "./jobs/replay.ts";
import "./jobs/tune.ts";
import "./jobs/compare.ts";
import "./jobs/predict.ts";
import "./jobs/monitor.ts";
import "./jobs/features.ts";
