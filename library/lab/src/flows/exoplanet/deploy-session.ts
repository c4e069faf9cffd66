import { ConflictError } from "assay";
import type { Session } from "../../projects/session.ts";
import { deployRun, listVersions } from "../../registry/index.ts";
import type { ActiveRun } from "../../tracking/index.ts";

/** The registry's name of the current network. */
export const currentModel = "exoplanet_model";

/** What became of a session's model. */
interface DeployedSession {
  readonly saved_as: string;
  readonly model_id: string;
  /** name@version in the registry. */
  readonly model: string;
}

/**
 * Registers a session's model as a version of `exoplanet_model`: the version is called {model_name}_{YYYYMMDD_HHMMSS} (UTC), and as the newest it is
 * what `exoplanet_model` means until one is put into production. A session that was deployed before its worker ended is not deployed twice.
 */
export async function deploySession(
  session: Session,
  runId: string,
  modelName: string,
  run: ActiveRun,
): Promise<DeployedSession> {
  const before = (await listVersions(session, { name: currentModel, limit: 100 })).items.find(({ run_id }) => run_id === runId);
  const version = before ?? (await deployAt(session, runId, modelName, new Date()));
  const deployed = { saved_as: version.version, model_id: version.model_id, model: `${currentModel}@${version.version}` };
  await run.tag(deployed);
  run.info(`saved as ${deployed.saved_as}, registered as ${deployed.model}`);
  await run.flush();
  return deployed;
}

/** Two sessions that end in the same second: the later takes the next. */
async function deployAt(session: Session, runId: string, modelName: string, at: Date) {
  for (let second = 0; ; second++) {
    const version = `${modelName}_${stampOf(new Date(at.getTime() + second * 1000))}`;
    try {
      return await deployRun(session, runId, { name: currentModel, version, tags: { session: runId } });
    } catch (error) {
      if (!(error instanceof ConflictError) || second >= 10) throw error;
    }
  }
}

function stampOf(at: Date): string {
  return at.toISOString().replaceAll(/[-:]/g, "").replace("T", "_").slice(0, 15);
}
