import type { Recommended } from "assay-lab/contract";
import type { Api } from "../../api";
import { recommendationRoutes, type TopQuestion } from "./recommendation-routes";

/** What the form of a question holds. */
export interface QuestionDraft {
  user: string;
  k: number;
  category: string;
  region: string;
  /** Whether the eight sliders are sent. */
  isNew: boolean;
  /** By the order of the dimensions. */
  profile: readonly number[];
}

/** The form as it is opened first: somebody who likes everything half. */
export const firstQuestion: QuestionDraft = {
  user: "",
  k: 10,
  category: "",
  region: "",
  isNew: false,
  profile: Array<number>(8).fill(0.5),
};

const testPrefix = "test:";

/** Who is asked, as the choice names it: a recommender by its id, or the arm of a test by the test's name. */
export function testChoice(name: string): string {
  return testPrefix + name;
}

/** Whether a draft can be asked. */
export function isWhole({ user, k }: QuestionDraft): boolean {
  return user.trim() !== "" && user.length <= 200 && Number.isInteger(k) && k >= 1 && k <= 100;
}

/** The draft as the service takes it. */
export function questionOf({ user, k, category, region, isNew, profile }: QuestionDraft): TopQuestion {
  return {
    user: user.trim(),
    k,
    category: category.trim() || undefined,
    region: region.trim() || undefined,
    profile: isNew ? profile : undefined,
  };
}

/** Asks a recommender, or by a running test: then the person is shown what their arm says, and counts. */
export function ask(api: Api, chosen: string, question: TopQuestion, signal?: AbortSignal): Promise<Recommended> {
  if (chosen.startsWith(testPrefix)) return recommendationRoutes.show(api, chosen.slice(testPrefix.length), question);
  return recommendationRoutes.top(api, { ...question, recommender: chosen || undefined }, signal);
}
