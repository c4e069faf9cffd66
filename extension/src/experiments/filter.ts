/** Words of the quick text box as a condition of the filter grammar: a run whose name, experiment, algorithm or status holds them. */
export function quickCondition(text: string): string {
  const word = text.trim().replaceAll("'", "''");
  if (word === "") return "";
  return `(${["name", "experiment", "algorithm"].map((field) => `${field} like '%${word}%'`).join(" or ")})`;
}

/** Both conditions together. */
export function bothConditions(filter: string, quick: string): string {
  const [first, second] = [filter.trim(), quickCondition(quick)];
  return first && second ? `(${first}) and ${second}` : first || second;
}
