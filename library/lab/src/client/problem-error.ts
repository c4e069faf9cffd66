import type { Problem } from "../contract/values.ts";

/** What the service refused, with its problem. */
export class ProblemError extends Error {
  override readonly name: string = "ProblemError";
  readonly problem: Problem;

  constructor(problem: Problem) {
    super(problem.detail);
    this.problem = problem;
  }
}

/** Whether the caller must mend it: the request, a name, the token. A service that is too busy is not theirs. */
export function isCallersFault(error: unknown): error is ProblemError {
  if (!(error instanceof ProblemError)) return false;
  const { status } = error.problem;
  return status >= 400 && status < 500 && status !== 408 && status !== 429;
}

/** The problem of an answer that is none; made of its status where something else than the service answered. */
export async function problemOf(answer: Response): Promise<Problem> {
  const text = await answer.text();
  try {
    const problem = JSON.parse(text) as Problem;
    if (typeof problem.detail === "string") return problem;
  } catch {}
  return {
    type: "about:blank",
    title: answer.statusText,
    status: answer.status,
    detail: `the service answered ${answer.status}`,
  };
}
