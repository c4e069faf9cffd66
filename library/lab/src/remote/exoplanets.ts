import { writeFile } from "node:fs/promises";
import { basename } from "node:path";
import { exampleSignals } from "../flows/exoplanet/example-signals.ts";
import {
  shownDataset,
  shownPredictions,
  shownSession,
  shownSessions,
  startRequest,
  tellEpochs,
} from "../flows/exoplanet/for-cells.ts";
import type { Exoplanets, SentSession } from "../flows/exoplanet/index.ts";
import { fileToSend } from "./file-to-send.ts";
import { remoteJobEnded } from "./jobs.ts";
import type { Service } from "./service.ts";

/** The exoplanet flow of a service. */
export function remoteExoplanets(service: Service): Exoplanets {
  const { exoplanets } = service.client;
  return {
    async upload(path, { name, fileName = basename(path) } = {}) {
      const file = await fileToSend("exoplanets", path);
      return shownDataset((await exoplanets.upload({ name, file, fileName })).dataset);
    },
    datasets: async () => (await exoplanets.datasets()).items,
    async start(dataset, options = {}) {
      const started = await exoplanets.start(startRequest(dataset, options));
      return sentSession(service, started.session_id);
    },
    sessions: async () => shownSessions((await exoplanets.sessions()).items),
    session: (id) => sentSession(service, id),
    async predict(rows, model) {
      return shownPredictions((await exoplanets.predict({ features: rows as never, model })).items);
    },
    async example(path, options) {
      await writeFile(path, exampleSignals(options));
      return path;
    },
  };
}

function sentSession(service: Service, id: string): SentSession {
  const { exoplanets } = service.client;
  const get = async () => (await exoplanets.session({ id })).session;
  return {
    id,
    status: async () => shownSession(await get()),
    async done({ signal, onEpoch } = {}) {
      const { job_id } = await get();
      const ended = job_id === null ? Promise.resolve() : remoteJobEnded(service, job_id, signal);
      return shownSession(await tellEpochs(get, ended, onEpoch));
    },
    cancel: async () => void (await exoplanets.cancel({ id })),
  };
}
