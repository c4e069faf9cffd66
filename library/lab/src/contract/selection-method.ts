import { z } from "zod";

/** Ways to choose columns; see `ml.selectFeatures`. */
export const selectionMethod = z.enum(["correlation", "mutual_info", "rfe", "tree_importance", "statistical"]);
