import type { AbResult, AbStop, AbTest, AbTestRequest } from "assay-lab/contract";
import type { Api } from "../api";
import { type Page, path } from "../routes";

/** What a test shall not miss, for the number of people that it needs. */
interface AbPlanQuestion {
  baseline?: number;
  sd?: number;
  effect: number;
  power: number;
  confidence: number;
  split_ratio: number;
}

/** The people that a test needs. */
export interface AbPlan {
  users_a: number;
  users_b: number;
  users: number;
  power: number;
}

const one = (id: string, ...rest: string[]) => path("models", "ab-test", id, ...rest);

/** The service's routes of A/B tests by what they do; a test is cited by its id or name. */
export const abRoutes = {
  list: (api: Api, cursor?: string) => api.get<Page<AbTest>>(path("models", "ab-test"), { limit: 200, cursor }),
  create: (api: Api, body: AbTestRequest) => api.post<{ test: AbTest }>(path("models", "ab-test"), body).then(({ test }) => test),
  plan: (api: Api, body: AbPlanQuestion) => api.post<AbPlan>(path("models", "ab-test-plan"), body),
  result: (api: Api, id: string) => api.get<{ result: AbResult }>(one(id, "result")).then(({ result }) => result),
  start: (api: Api, id: string) => api.post<{ test: AbTest }>(one(id, "start")),
  stop: (api: Api, id: string, body: AbStop) => api.post<{ test: AbTest }>(one(id, "stop"), body),
  delete: (api: Api, id: string) => api.remove(one(id)),
};
