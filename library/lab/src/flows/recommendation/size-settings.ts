import { numberSetting } from "../../number-setting.ts";
import { type SizeBounds, usualSizes } from "./checks.ts";

/** What a dataset's files must exceed: of the specification, or ETL_MIN_TRAIN_MB and ETL_MIN_TEST_MB for sources that are small. */
export function sizesOf(): SizeBounds {
  const [train, test] = [numberSetting("ETL_MIN_TRAIN_MB"), numberSetting("ETL_MIN_TEST_MB")];
  return {
    trainBytes: train === undefined ? usualSizes.trainBytes : train * 1e6,
    testBytes: test === undefined ? usualSizes.testBytes : test * 1e6,
  };
}
