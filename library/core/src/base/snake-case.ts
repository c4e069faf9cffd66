/** A declared name as HTTP, forms and databases spell it: `nEstimators` is `n_estimators`. */
export function snakeCase(name: string): string {
  return name.replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}
