import {
  etlRequest,
  madeSource,
  shownEtlRun,
  shownEtlRuns,
  shownMetadata,
  shownReport,
  sourceRequest,
} from "../flows/recommendation/for-cells.ts";
import type { Recommendations, SentEtl } from "../flows/recommendation/index.ts";
import type { ServingDoor } from "../flows/recommendation/serving-door.ts";
import { servingBy } from "../flows/recommendation/serving-for-cells.ts";
import { remoteJobEnded } from "./jobs.ts";
import type { Service } from "./service.ts";

/** The recommendation flow of a service. */
export function remoteRecommendations(service: Service): Recommendations {
  const { etl } = service.client;
  return {
    ...servingBy(servingDoorOf(service)),
    etl: async (options = {}) => sentEtl(service, (await etl.start(etlRequest(options))).run.etl_run_id),
    etlRuns: async () => shownEtlRuns((await etl.runs()).items),
    etlRun: (id) => sentEtl(service, id),
    source: async (options = {}) => madeSource(await remoteJobEnded(service, (await etl.source(sourceRequest(options))).job_id)),
  };
}

function servingDoorOf(service: Service): ServingDoor {
  const { recommend } = service.client;
  return {
    train: (request) => recommend.train(request),
    compare: (request) => recommend.compare(request),
    ended: (id, signal) => remoteJobEnded(service, id, signal),
    models: async () => (await recommend.models({ limit: 500 })).items,
    async show(request) {
      const { status, ...answer } = await recommend.show(request);
      return answer;
    },
    async similar(id, query) {
      const { status, ...found } = await recommend.similar({ id, ...query });
      return found;
    },
    feedback: (request) => recommend.feedback(request),
  };
}

function sentEtl(service: Service, id: string): SentEtl {
  const { etl, jobs } = service.client;
  const get = async () => (await etl.run({ id })).run;
  return {
    id,
    status: async () => shownEtlRun(await get()),
    async done({ signal } = {}) {
      const { job_id } = await get();
      if (job_id !== null) await remoteJobEnded(service, job_id, signal);
      return shownEtlRun(await get());
    },
    report: async () => shownReport(await (await etl.report({ id })).text()),
    metadata: async () => shownMetadata(await (await etl.metadata({ id })).text()),
    async cancel() {
      const { job_id } = await get();
      if (job_id !== null) await jobs.cancel({ id: job_id });
    },
  };
}
