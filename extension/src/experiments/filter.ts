/** Words of the quick text box as a condition of the filter grammar: a run whose name, experiment, algorithm or status holds them. */
export function quickCondition(text: string): string {
  const word = text.trim().replaceAll("'", "''");
  if (word === "") return "";
  return ["name", "experiment", "algorithm"].map((field) => `${field} like '%${word}%'`).join(" or ");
}

/** Runs that are no part of another: trials of a study and models of a comparison are left out. */
export const noParts = "parent is null";

/** Conditions together; empty ones are left out. */
export function allConditions(...conditions: readonly string[]): string {
  const given = conditions.map((each) => each.trim()).filter((each) => each !== "");
  return given.length > 1 ? given.map((each) => `(${each})`).join(" and ") : (given[0] ?? "");
}
