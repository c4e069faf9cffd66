import { type ClassCounts, present, totalOf } from "./class-counts.ts";
import { balancedAccuracyOf, kappaOf, mccOf } from "./classification.ts";
import { type Metric, ofCounts, type Scored } from "./metric.ts";
import { type Average, averageShare, fShare, jaccardShare, precisionShare, recallShare, type Share } from "./precision-recall.ts";

const shareOfRight = ({ right, ...counts }: ClassCounts): number =>
  right.reduce((a, b) => a + b, 0) / totalOf({ right, ...counts });

/** Metrics of predicted labels, the usual ones first. */
export const labelMetrics: readonly Metric[] = [
  ofCounts({ name: "accuracy", title: "Accuracy", isUsual: true }, shareOfRight),
  ofCounts({ name: "balanced_accuracy", title: "Balanced accuracy", isUsual: true }, (counts) => balancedAccuracyOf(counts)),
  averagedMetric("f1_macro", "F1, macro", fShare(1), "macro", true),
  averagedMetric("f1_weighted", "F1, weighted", fShare(1), "weighted", true),
  averagedMetric("precision_macro", "Precision, macro", precisionShare, "macro", true),
  averagedMetric("recall_macro", "Recall, macro", recallShare, "macro", true),
  ofCounts({ name: "mcc", title: "Matthews correlation", isUsual: true, range: [-1, 1] }, mccOf),
  ofCounts({ name: "f1", title: "F1 of the positive class", domain: "two classes" }, ofPositive(fShare(1))),
  ofCounts({ name: "precision", title: "Precision of the positive class", domain: "two classes" }, ofPositive(precisionShare)),
  ofCounts({ name: "recall", title: "Recall of the positive class", domain: "two classes" }, ofPositive(recallShare)),
  ofCounts({ name: "jaccard", title: "Jaccard index of the positive class", domain: "two classes" }, ofPositive(jaccardShare)),
  averagedMetric("f1_micro", "F1, micro", fShare(1), "micro"),
  averagedMetric("precision_micro", "Precision, micro", precisionShare, "micro"),
  averagedMetric("precision_weighted", "Precision, weighted", precisionShare, "weighted"),
  averagedMetric("recall_micro", "Recall, micro", recallShare, "micro"),
  averagedMetric("recall_weighted", "Recall, weighted", recallShare, "weighted"),
  averagedMetric("f2_macro", "F2, macro", fShare(2), "macro"),
  averagedMetric("jaccard_macro", "Jaccard index, macro", jaccardShare, "macro"),
  averagedMetric("jaccard_weighted", "Jaccard index, weighted", jaccardShare, "weighted"),
  ofCounts({ name: "cohen_kappa", title: "Cohen's κ", range: [-1, 1] }, kappaOf),
  ofCounts({ name: "hamming_loss", title: "Hamming loss", greaterIsBetter: false }, (counts) => 1 - shareOfRight(counts)),
];

function averagedMetric(name: string, title: string, share: Share, kind: Exclude<Average, "binary">, isUsual = false): Metric {
  return ofCounts({ name, title, isUsual }, (counts) => averageShare(counts, share, kind));
}

/** Of the last class; of more than two classes the mean, so that the name works for every task. */
function ofPositive(share: Share): (counts: ClassCounts, scored: Scored) => number {
  return (counts, { classes }) => {
    const occurring = present(counts);
    const known = classes?.length ?? counts.labels.length;
    if (known > 2 || occurring.length > 2) return averageShare(counts, share, "macro");
    const place = known - 1;
    const [above, below] = share(counts.right[place]!, counts.predicted[place]!, counts.truth[place]!);
    return below > 0 ? above / below : 0;
  };
}
