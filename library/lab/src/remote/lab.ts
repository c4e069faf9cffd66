import type { Lab } from "../lab.ts";
import { sparkOf } from "../spark/index.ts";
import { comparedRuns } from "../tracking/index.ts";
import { remoteModelComparison } from "./compare-models.ts";
import { remoteDatasets } from "./datasets.ts";
import { remoteExoplanets } from "./exoplanets.ts";
import { remoteFeatures } from "./features.ts";
import { remoteImport } from "./imports.ts";
import { remoteJobs } from "./jobs.ts";
import { remoteKept } from "./kept.ts";
import { remoteMonitoring } from "./monitoring.ts";
import { remoteMe, remoteProjects } from "./projects.ts";
import { remoteRecommendations } from "./recommendations.ts";
import { remoteRegistry } from "./registry.ts";
import { remoteReplay } from "./replay.ts";
import { type ReportSubject, remoteReport } from "./reports.ts";
import { remoteSink } from "./run-sink.ts";
import { type Service, type ServiceOptions, serviceAt } from "./service.ts";
import { openRemoteStudy, remoteStudies } from "./studies.ts";
import { remoteComparison, remoteExperiment, remoteRun, remoteTracking, shownRemoteRuns } from "./tracking.ts";
import { remoteTuning } from "./tune.ts";
import { remoteWorkouts } from "./workouts.ts";

/** Opens the lab of a service, and makes sure that it knows the caller. Throws StoreError where nobody answers, AuthError for an unknown token. */
export async function openRemoteLab(options: ServiceOptions): Promise<Lab> {
  const service = serviceAt(options);
  await service.client.auth.me();
  return remoteLab(service);
}

/** The same lab as beside the database, by the routes of a service. */
function remoteLab(service: Service): Lab {
  const tracking = remoteTracking(service);
  const run = (id: string) => remoteRun(service, id);
  return {
    projects: remoteProjects(service, remoteLab),
    me: () => remoteMe(service),
    datasets: remoteDatasets(service),
    features: remoteFeatures(service),
    jobs: remoteJobs(service),
    registry: remoteRegistry(service),
    monitoring: remoteMonitoring(service),
    experiment: (name) => remoteExperiment(service, name),
    runs: (query) => shownRemoteRuns(service, query),
    run,
    tracking,
    replay: (run, replaying) => remoteReplay(service, typeof run === "string" ? run : run.id, replaying),
    compare: (runs) => remoteComparison(service, comparedRuns(runs)),
    compareModels: (experiment, dataset, comparing) => remoteModelComparison(service, experiment, dataset, comparing),
    report: (of) => remoteReport(service, Array.isArray(of) ? comparedRuns(of) : (of as ReportSubject)),
    importMlflow: (path, importing) => remoteImport(service, "mlflow", path, importing),
    importOptuna: (path, importing) => remoteImport(service, "optuna", path, importing),
    exoplanets: remoteExoplanets(service),
    workouts: remoteWorkouts(service),
    recommendations: remoteRecommendations(service),
    spark: sparkOf({ runs: remoteSink(service), run, artifact: tracking.artifact }),
    studies: remoteStudies(service),
    study: (ref) => openRemoteStudy(service, ref),
    views: remoteKept(service, "views"),
    templates: remoteKept(service, "templates"),
    tune: (job) => remoteTuning(service, job),
    close: async () => {},
  };
}
