import type { ModelVersion, Prediction, VersionStatus } from "../contract/models.ts";
import type { Session } from "../projects/session.ts";
import { type InputRow, predict } from "./predict.ts";
import { archive, type Deployment, demote, deployRun, getVersion, listVersions, promote, rollback } from "./versions.ts";

export { type EvaluationRows, evaluateRun } from "./evaluate-run.ts";
export { type InputRow, predict, predictWithRun } from "./predict.ts";
export * from "./versions.ts";

/** The registry as cells use it. A version is given as its id, `name@1.0.0`, `name@production`, or the version itself. */
export interface Registry {
  /** Registers the model of a run as a staged version. */
  deploy(run: string | { readonly id: string }, deployment: Deployment): Promise<ModelVersion>;
  /** One step up; the version that was in production is archived. */
  promote(version: VersionRef, reason?: string): Promise<ModelVersion>;
  /** One step down. */
  demote(version: VersionRef, reason?: string): Promise<ModelVersion>;
  archive(version: VersionRef, reason?: string): Promise<ModelVersion>;
  /** Puts an earlier version back into production. */
  rollback(name: string, version: string, reason?: string): Promise<ModelVersion>;
  get(version: VersionRef): Promise<ModelVersion>;
  list(query?: {
    readonly name?: string;
    readonly status?: VersionStatus;
    readonly limit?: number;
  }): Promise<readonly ModelVersion[]>;
  /** Predicts one row or many with a version. */
  predict(version: VersionRef, rows: InputRow | readonly InputRow[]): Promise<Omit<Prediction, "status">>;
}

/** A version, or how it is cited. */
export type VersionRef = string | Pick<ModelVersion, "model_id">;

/** The registry of a session. */
export function registryOf(session: Session): Registry {
  const refOf = (version: VersionRef): string => (typeof version === "string" ? version : version.model_id);
  return {
    deploy: (run, deployment) => deployRun(session, typeof run === "string" ? run : run.id, deployment),
    promote: (version, reason) => promote(session, refOf(version), reason),
    demote: (version, reason) => demote(session, refOf(version), reason),
    archive: (version, reason) => archive(session, refOf(version), reason),
    rollback: (name, version, reason) => rollback(session, name, version, reason),
    get: (version) => getVersion(session, refOf(version)),
    list: async (query) => (await listVersions(session, query)).items,
    predict: (version, rows) => predict(session, refOf(version), rows),
  };
}
