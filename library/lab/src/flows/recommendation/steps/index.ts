import { extractUsers } from "./01-extract-users.ts";
import { extractRecommendations } from "./02-extract-recommendations.ts";
import { extractSearches } from "./03-extract-searches.ts";
import { merge } from "./04-merge.ts";
import { features } from "./05-features.ts";
import { labels } from "./06-labels.ts";
import { negatives } from "./07-negatives.ts";
import { clean } from "./08-clean.ts";
import { privacy } from "./09-privacy.ts";
import { exportRows } from "./10-export.ts";
import type { EtlStep } from "./step.ts";

/** The ten steps, in order. */
export const etlSteps: readonly EtlStep[] = [
  extractUsers,
  extractRecommendations,
  extractSearches,
  merge,
  features,
  labels,
  negatives,
  clean,
  privacy,
  exportRows,
];
