import type { Run } from "assay-lab/contract";
import React, { memo, useLayoutEffect, useRef } from "react";
import { formatSigned } from "../elements/format";
import { colorOf } from "../elements/identity-colors";
import { Swatch } from "../elements/Swatch";
import { Progress, Status } from "../elements/status";
import { usePanel } from "../panel";
import { tagsText } from "./columns";
import type { PlacedColumn } from "./use-column-layout";

/** What can be done from a row; the same object throughout, so that rows are drawn anew only when they change. */
export interface RowActions {
  open(run: Run): void;
  edit(run: Run): void;
  /** `range`: with everything from the row that was chosen before. */
  select(row: number, on: boolean, range: boolean): void;
}

/** The columns that a row is drawn with. */
export interface RowCut {
  pinned: readonly PlacedColumn[];
  /** The columns that are seen, of those that scroll. */
  seen: readonly PlacedColumn[];
  /** Place of the first of them in the grid. */
  firstSeen: number;
  /** Pixels of the columns before them. */
  spaceBefore: number;
}

interface RunRowProps extends RowCut {
  /** Of the element. */
  id: string;
  run: Run;
  row: number;
  isSelected: boolean;
  /** The column that Tab reaches, where it is in this row. */
  active: number | null;
  baseline: Run | null;
  digits: number;
  act: RowActions;
}

/** One run of the grid: only the columns that are seen are drawn. Its element may have been another run's before. */
export const RunRow = memo(function RunRow(props: RunRowProps): React.JSX.Element {
  const { run, row, pinned, seen, firstSeen, spaceBefore, isSelected, active, act } = props;
  const { trans } = usePanel();
  const element = useRef<HTMLTableRowElement>(null);
  useLayoutEffect(() => () => leave(element.current), [run.id]);
  const draw = (column: PlacedColumn, at: number) => (
    <td
      key={column.id}
      data-column={column.id}
      aria-colindex={at + 1}
      className={classOf(column)}
      style={placeOf(column)}
      tabIndex={active === at && !hasControl(column.id) ? 0 : -1}
      title={titleOf(run, column)}
    >
      <CellContent {...props} column={column} isActive={active === at} />
    </td>
  );
  return (
    <tr
      ref={element}
      id={props.id}
      data-run={run.id}
      aria-rowindex={row + 2}
      aria-selected={isSelected}
      style={{ top: row * rowHeight }}
      onDoubleClick={() => act.open(run)}
    >
      <td aria-colindex={1} className="jp-mod-pinned jp-mod-check">
        <input
          type="checkbox"
          aria-label={trans.__("Select %1", run.name)}
          tabIndex={active === 0 ? 0 : -1}
          checked={isSelected}
          onChange={({ target, nativeEvent }) => act.select(row, target.checked, (nativeEvent as MouseEvent).shiftKey)}
        />
      </td>
      {pinned.map((column, k) => draw(column, 1 + k))}
      <td aria-hidden="true" className="jp-mod-space" style={{ width: spaceBefore }} />
      {seen.map((column, k) => draw(column, firstSeen + k))}
    </tr>
  );
});

/** Takes the focus from an element that is another run's from now on. */
function leave(row: HTMLTableRowElement | null): void {
  if (row?.contains(document.activeElement)) (document.activeElement as HTMLElement).blur();
}

/** Pixels of the column with the boxes. */
export const checkWidth = 34;
/** Pixels of every row. */
export const rowHeight = 28;

/** Where a column's cells stand in their row. */
export function placeOf({ size, left, isPinned }: PlacedColumn): React.CSSProperties {
  return { width: size, ...(isPinned && { left: left + checkWidth }) };
}

export function classOf({ numeric, isPinned }: PlacedColumn): string | undefined {
  return [numeric && "jp-mod-numeric", isPinned && "jp-mod-pinned"].filter(Boolean).join(" ") || undefined;
}

/** The whole text of a cell that may be too narrow for it. */
function titleOf(run: Run, { id, numeric, size, text }: PlacedColumn): string | undefined {
  if (numeric || hasControl(id) || id === "status") return undefined;
  const whole = text(run, 4);
  return whole.length * 9 > size ? whole : undefined;
}

function hasControl(id: string): boolean {
  return id === "name" || id === "tags";
}

function CellContent({
  run,
  column,
  isActive,
  baseline,
  digits,
  act,
}: RunRowProps & { column: PlacedColumn; isActive: boolean }) {
  const { trans } = usePanel();
  const tabIndex = isActive ? 0 : -1;
  if (column.id === "status") return <RunStatus run={run} label={trans.__("Progress of %1", run.name)} />;
  if (column.id === "name")
    return (
      <>
        <Swatch color={colorOf(run.id)} />
        <button type="button" className="jp-Assay-link" tabIndex={tabIndex} title={run.name} onClick={() => act.open(run)}>
          {run.name}
        </button>
        {baseline?.id === run.id && <span className="jp-Assay-kind"> {trans.__("baseline")}</span>}
      </>
    );
  if (column.id === "tags")
    return (
      <button
        type="button"
        className="jp-AssayExperiments-edit"
        tabIndex={tabIndex}
        aria-label={trans.__("Tags and notes of %1: %2", run.name, tagsText(run.tags) || trans.__("none"))}
        onClick={() => act.edit(run)}
      >
        {Object.entries(run.tags).map(([name, value]) => (
          <span key={name} className="jp-Assay-chip">
            {value === "" ? name : `${name}=${value}`}
          </span>
        ))}
        <span aria-hidden="true" className="jp-AssayExperiments-pen">
          ✎
        </span>
      </button>
    );
  const delta = column.group === "metrics" && baseline && baseline.id !== run.id ? deltaOf(run, baseline, column.id) : null;
  return (
    <>
      {column.text(run, digits)}
      {delta !== null && <span className="jp-AssayExperiments-delta"> {formatSigned(delta, 2)}</span>}
    </>
  );
}

/** A run's status, and its bar while it trains. */
function RunStatus({ run, label }: { run: Run; label: string }): React.JSX.Element {
  return (
    <span className="jp-Assay-runStatus" title={run.error ?? undefined}>
      <Status status={run.status} />
      {run.status === "training" && <Progress step={run.progress?.step ?? 0} steps={run.progress?.steps ?? 0} label={label} />}
    </span>
  );
}

/** A metric less the baseline's, or null where one of them has no number. */
function deltaOf(run: Run, baseline: Run, column: string): number | null {
  const name = column.slice("metrics.".length);
  const [value, base] = [run.metrics[name], baseline.metrics[name]];
  return typeof value === "number" && typeof base === "number" ? value - base : null;
}
