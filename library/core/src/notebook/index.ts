import { defineDisplays } from "./displays.ts";
import { watchFits } from "./progress.ts";

/** Makes every value of the library show itself in notebooks, and long fits their progress. */
export function enterNotebook(): void {
  defineDisplays();
  watchFits();
}
