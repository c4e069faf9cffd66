import type { z } from "zod";
import {
  type AbStop,
  type AbTestChange,
  type AbTestRequest,
  abPlanAnswer,
  type abPlanRequest,
  abResultAnswer,
  abTestAnswer,
  abTestList,
  assignAnswer,
  type assignRequest,
  type Outcome,
  outcomeAnswer,
} from "../contract/ab-tests.ts";
import { deleted } from "../contract/datasets.ts";
import type { Asking } from "./models.ts";

type Query = Readonly<Record<string, string | number | undefined>>;

/** The methods of A/B tests and outcomes. A test is cited by name or id. */
export function abTestMethods({ call }: Pick<Asking, "call">) {
  const at = (ref: string, rest = ""): string => `/models/ab-test/${encodeURIComponent(ref)}${rest}`;
  return {
    createAbTest: (body: AbTestRequest) => call(abTestAnswer, "POST", "/models/ab-test", body),
    abTests: (query?: Query) => call(abTestList, "GET", "/models/ab-test", undefined, query),
    abTest: (ref: string) => call(abTestAnswer, "GET", at(ref)),
    changeAbTest: (ref: string, body: AbTestChange) => call(abTestAnswer, "PATCH", at(ref), body),
    startAbTest: (ref: string) => call(abTestAnswer, "POST", at(ref, "/start")),
    stopAbTest: (ref: string, body: AbStop = {}) => call(abTestAnswer, "POST", at(ref, "/stop"), body),
    deleteAbTest: (ref: string) => call(deleted, "DELETE", at(ref)),
    assignUser: (ref: string, body: z.input<typeof assignRequest>) => call(assignAnswer, "POST", at(ref, "/assign"), body),
    abResult: (ref: string) => call(abResultAnswer, "GET", at(ref, "/result")),
    planAbTest: (body: z.input<typeof abPlanRequest>) => call(abPlanAnswer, "POST", "/models/ab-test-plan", body),
    reportOutcomes: (outcomes: readonly Outcome[]) => call(outcomeAnswer, "POST", "/outcomes", { outcomes }),
  };
}
