import type { z } from "zod";
import {
  aliasAnswer,
  aliasList,
  type aliasRequest,
  auditList,
  benchmarkAnswer,
  type benchmarkRequest,
  checkAnswer,
  compareVersionsAnswer,
  type deployRequest,
  type moveRequest,
  predictAnswer,
  type predictFileFields,
  predictFileQueued,
  type predictRequest,
  settingsAnswer,
  type settingsRequest,
  subjectErased,
  versionAnswer,
  versionList,
} from "../contract/models.ts";
import { answer } from "../contract/values.ts";

type Query = Readonly<Record<string, string | number | undefined>>;
type Move = z.input<typeof moveRequest>;

/** How a method asks the service: a checked answer, or the answer as it came. */
export interface Asking {
  call<T extends z.ZodType>(
    schema: T,
    method: string,
    path: string,
    body?: unknown,
    query?: Query,
    headers?: Record<string, string>,
    signal?: AbortSignal,
  ): Promise<z.output<T>>;
  request(method: string, path: string): Promise<Response>;
}

const done = answer({});

/** The methods of the registry and of predictions. A version is cited by id, `name@1.0.0`, `name@production` or `name@alias`. */
export function modelMethods({ call, request }: Asking) {
  const at = (ref: string, rest = ""): string => `/models/${encodeURIComponent(ref)}${rest}`;
  const move =
    (verb: string) =>
    (ref: string, options: string | Move = {}) =>
      call(versionAnswer, "POST", at(ref, `/${verb}`), typeof options === "string" ? { reason: options } : options);
  return {
    deploy: (body: z.input<typeof deployRequest>) => call(versionAnswer, "POST", "/models/deploy", body),
    versions: (query?: Query) => call(versionList, "GET", "/models/deployed", undefined, query),
    version: (ref: string) => call(versionAnswer, "GET", at(ref)),
    promote: move("promote"),
    demote: move("demote"),
    archive: move("archive"),
    rollback: (name: string, version: string, options: Move = {}) =>
      call(versionAnswer, "POST", at(name, "/rollback"), options, { to_version: version }),
    deleteVersion: (ref: string, query?: { readonly force?: "true" }) => call(done, "DELETE", at(ref), undefined, query),
    downloadModel: async (ref: string) => (await request("GET", at(ref, "/download"))).arrayBuffer(),
    promotionChecks: (ref: string) => call(checkAnswer, "GET", at(ref, "/checks")),
    modelAudit: (name: string, query?: Query) => call(auditList, "GET", at(name, "/audit"), undefined, query),
    aliases: (name: string) => call(aliasList, "GET", at(name, "/aliases")),
    setAlias: (name: string, alias: string, body: z.input<typeof aliasRequest>) =>
      call(aliasAnswer, "PUT", at(name, `/aliases/${encodeURIComponent(alias)}`), body),
    deleteAlias: (name: string, alias: string) => call(done, "DELETE", at(name, `/aliases/${encodeURIComponent(alias)}`)),
    modelSettings: (name: string) => call(settingsAnswer, "GET", at(name, "/settings")),
    changeModelSettings: (name: string, body: z.input<typeof settingsRequest>) =>
      call(settingsAnswer, "PATCH", at(name, "/settings"), body),
    compareVersions: (model_ids: readonly string[]) =>
      call(compareVersionsAnswer, "POST", "/models/compare-versions", { model_ids }),
    benchmark: (body: z.input<typeof benchmarkRequest>, signal?: AbortSignal) =>
      call(benchmarkAnswer, "POST", "/models/benchmark", body, undefined, undefined, signal),
    predict: (body: z.input<typeof predictRequest>, signal?: AbortSignal) =>
      call(predictAnswer, "POST", "/models/predict", body, undefined, undefined, signal),
    /** Queues the rows of a CSV file; `predictions` gives the answers when the job has ended. */
    predictFile: (ref: string, file: Blob, fileName: string, fields: z.input<typeof predictFileFields> = {}) => {
      const form = new FormData();
      for (const [name, value] of Object.entries(fields)) if (value !== undefined) form.set(name, value);
      form.set("file", file, fileName);
      return call(predictFileQueued, "POST", at(ref, "/predict-file"), form);
    },
    predictions: async (jobId: string) => (await request("GET", `/jobs/${encodeURIComponent(jobId)}/predictions`)).blob(),
    eraseSubject: (userId: string) => call(subjectErased, "DELETE", `/subjects/${encodeURIComponent(userId)}`),
  };
}
