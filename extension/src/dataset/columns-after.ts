import type { DatasetColumn, Step, StepPreview } from "assay-lab/contract";

/** The columns that steps leave of these, by what the preview of each says that it added, changed and left out. */
export async function columnsAfter(
  columns: readonly DatasetColumn[],
  steps: readonly Step[],
  preview: (prefix: Step[]) => Promise<StepPreview>,
): Promise<readonly DatasetColumn[]> {
  const previews = await Promise.all(steps.map((_, k) => preview(steps.slice(0, k + 1))));
  return previews.reduce(columnsOf, columns);
}

function columnsOf(columns: readonly DatasetColumn[], { columns: changes }: StepPreview): readonly DatasetColumn[] {
  const changed = new Map(changes.map((change) => [change.name, change]));
  const stayed = columns.flatMap((column) => {
    const change = changed.get(column.name);
    if (!change) return [column];
    return change.after ? [{ ...column, kind: change.after.kind, missing: change.after.missing }] : [];
  });
  const known = new Set(columns.map(({ name }) => name));
  const added = changes.flatMap(({ name, after }) => {
    if (!after || known.has(name)) return [];
    const { kind, missing, distinct } = after;
    return [{ name, kind, missing, distinct }];
  });
  return [...stayed, ...added];
}
