import { reviveError } from "assay";
import { ProblemError } from "../client/index.ts";

const prefix = "urn:assay:problem:";

/** What the service refused, as the error that the same call throws beside the database; any other error as it is. */
export function localError(error: unknown): unknown {
  if (!(error instanceof ProblemError)) return error;
  const { type, detail, field, value, errors } = error.problem;
  if (!type.startsWith(prefix)) return error;
  const own = reviveError({ name: classOf(type.slice(prefix.length)), message: detail });
  const rejects = errors?.map((each) => ({ line: Number(each.field?.replace(/^line /, "")), reason: each.detail }));
  const isOfLines = rejects?.every(({ line }) => Number.isInteger(line));
  return Object.assign(own, {
    ...(field !== undefined && { field }),
    ...(value !== undefined && { value }),
    ...(isOfLines && { rejects }),
    cause: error,
  });
}

/** not-found is NotFoundError. */
function classOf(word: string): string {
  return `${word.replaceAll(/(?:^|-)([a-z])/g, (_, letter: string) => letter.toUpperCase())}Error`;
}
