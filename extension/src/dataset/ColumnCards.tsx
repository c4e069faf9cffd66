import type { ColumnProfile } from "assay-lab/contract";
import React, { useEffect, useMemo, useRef, useState } from "react";
import { Bars, short } from "../elements/Bars";
import { Find, findFrom, holds } from "../elements/Find";
import { formatCount } from "../elements/format";
import { usePanel } from "../panel";
import { wordOf } from "../words";

/** Cards drawn at first, and whenever the end of the drawn ones comes into sight. */
const cardsAtOnce = 60;

interface ColumnCardsProps {
  columns: readonly ColumnProfile[];
  target: string | undefined;
}

/** A card a column, more of them as one moves down; found by a part of the name. */
export function ColumnCards({ columns, target }: ColumnCardsProps): React.JSX.Element {
  const { trans } = usePanel();
  const [search, setSearch] = useState("");
  const [most, setMost] = useState(cardsAtOnce);
  const found = useMemo(() => columns.filter(({ name }) => holds(name, search)), [columns, search]);
  return (
    <>
      {columns.length > findFrom && (
        <div className="jp-Assay-bar">
          <Find
            label={trans.__("Find columns")}
            value={search}
            onChange={(value) => {
              setSearch(value);
              setMost(cardsAtOnce);
            }}
          />
          <span className="jp-Assay-faint" role="status">
            {trans.__("%1 of %2 columns", formatCount(found.length), formatCount(columns.length))}
          </span>
        </div>
      )}
      <ul className="jp-AssayDataset-columns" aria-label={trans.__("Columns")}>
        {found.slice(0, most).map((column) => (
          <Card key={column.name} column={column} isTarget={column.name === target} />
        ))}
      </ul>
      {found.length > most && <End key={most} onSeen={() => setMost(most + cardsAtOnce)} />}
    </>
  );
}

/** Stands below the drawn cards, and tells when it comes near the screen. */
function End({ onSeen }: { onSeen(): void }): React.JSX.Element {
  const node = useRef<HTMLDivElement>(null);
  useEffect(() => {
    const observer = new IntersectionObserver(([entry]) => entry?.isIntersecting && onSeen(), { rootMargin: "400px" });
    observer.observe(node.current!);
    return () => observer.disconnect();
  }, []);
  return <div ref={node} aria-hidden="true" />;
}

function Card({ column, isTarget }: { column: ColumnProfile; isTarget: boolean }): React.JSX.Element {
  const { trans } = usePanel();
  const { name, kind, count, missing, distinct, min, max, mean, sd } = column;
  const share = missing / Math.max(1, count + missing);
  const isConstant = min !== undefined && min === max;
  const facts =
    min === undefined
      ? column.top.map(({ value, count: times }) => `${short(value)} (${formatCount(times)})`).join(", ")
      : isConstant
        ? short(min)
        : `${short(min)} … ${short(max)}`;
  const more = [
    ...(mean === undefined || isConstant ? [] : [trans.__("mean %1", short(mean))]),
    ...(sd === undefined || isConstant ? [] : [trans.__("sd %1", short(sd))]),
    trans.__("%1 different", formatCount(distinct)),
  ].join(" · ");
  return (
    <li data-column={name}>
      <div className="jp-AssayDataset-columnHead">
        <strong title={name}>{name || "“”"}</strong>
        <span className="jp-Assay-kind">{wordOf(trans, kind)}</span>
        {isTarget && <span className="jp-Assay-kind">{trans.__("target")}</span>}
      </div>
      <Bars column={column} label={trans.__("Distribution of %1", name)} />
      <p className="jp-AssayDataset-facts" title={facts}>
        {facts || "–"}
      </p>
      <p className="jp-AssayDataset-facts jp-Assay-faint" title={more}>
        {more}
      </p>
      {missing > 0 && (
        <p className="jp-Assay-warning" data-missing={missing}>
          {trans.__("%1 missing (%2 %)", formatCount(missing), (100 * share).toFixed(share < 0.01 ? 1 : 0))}
        </p>
      )}
    </li>
  );
}
