/** Texts that people write for a missing cell. */
export const missingMarkers: readonly string[] = ["", "?", "!!", "NA", "N/A", "NaN", "null", "-"];
