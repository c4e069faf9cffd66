import { useVirtualizer } from "@tanstack/react-virtual";
import React, { useRef } from "react";
import { formatCell } from "../elements/format";
import { usePanel } from "../panel";
import { wordOf } from "../words";

type Row = readonly (string | number | boolean | null)[];

interface RowsTableProps {
  names: readonly string[];
  kinds?: readonly string[];
  rows: readonly Row[];
  /** Number of the first row; without it rows have no numbers. */
  first?: number;
  label: string;
}

/** Columns that are all drawn; of more only those that are seen. */
const drawnMost = 60;
/** Pixels of a column where only the seen ones are drawn. */
const columnWidth = 150;

/** Rows of a table; missing cells are drawn as a dot, empty texts as their quotes. */
export function RowsTable(props: RowsTableProps): React.JSX.Element {
  const { names, rows, first, label } = props;
  const scroller = useRef<HTMLDivElement>(null);
  const isWide = names.length > drawnMost;
  const across = useVirtualizer({
    horizontal: true,
    count: isWide ? names.length : 0,
    getScrollElement: () => scroller.current,
    estimateSize: () => columnWidth,
    overscan: 4,
  });
  const seen = isWide ? across.getVirtualItems().map(({ index }) => index) : names.map((_, j) => j);
  const before = isWide ? (seen[0] ?? 0) * columnWidth : 0;
  const after = isWide ? (names.length - 1 - (seen.at(-1) ?? 0)) * columnWidth : 0;
  const space = (key: string, width: number) => width > 0 && <td key={key} aria-hidden="true" style={{ minWidth: width }} />;
  return (
    <div className="jp-Assay-wide" role="region" aria-label={label} tabIndex={0} ref={scroller}>
      <table
        className={`jp-Assay-table jp-AssayDataset-rows${isWide ? " jp-mod-even" : ""}`}
        aria-colcount={names.length + (first === undefined ? 0 : 1)}
      >
        <thead>
          <tr>
            {first !== undefined && <td className="jp-AssayDataset-corner" />}
            {space("before", before)}
            {seen.map((j) => (
              <Title key={j} {...props} at={j} />
            ))}
            {space("after", after)}
          </tr>
        </thead>
        <tbody>
          {rows.map((row, i) => (
            <tr key={i}>
              {first !== undefined && <th scope="row">{first + i}</th>}
              {space("before", before)}
              {seen.map((j) => (
                <Cell key={j} value={row[j] ?? null} />
              ))}
              {space("after", after)}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function Title({ names, kinds, rows, first, at }: RowsTableProps & { at: number }): React.JSX.Element {
  const { trans } = usePanel();
  const isNumeric = rows.some((row) => typeof row[at] === "number");
  return (
    <th
      scope="col"
      title={names[at]}
      aria-colindex={at + (first === undefined ? 1 : 2)}
      className={isNumeric ? "jp-mod-numeric" : undefined}
    >
      {names[at] || "“”"}
      {kinds && <span className="jp-Assay-kind">{wordOf(trans, kinds[at]!)}</span>}
    </th>
  );
}

function Cell({ value }: { value: Row[number] }): React.JSX.Element {
  if (value === null || value === "") return <td className="jp-Assay-faint">{value === null ? "·" : "“”"}</td>;
  const text = formatCell(value);
  const whole = String(value).slice(0, 500);
  return (
    <td
      className={typeof value === "number" ? "jp-mod-numeric" : undefined}
      title={text === whole && whole.length < 24 ? undefined : whole}
    >
      {text}
    </td>
  );
}
