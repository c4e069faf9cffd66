import type { Comparison, ParallelDimension } from "assay-lab/contract";
import React, { useMemo, useState } from "react";
import { usePanel } from "../panel";
import { Figure } from "../plotly/Figure";
import { AxisSelect } from "./AxisSelect";
import { hasGround, scatterOf } from "./scatter-figure";

interface ScatterProps {
  axes: readonly ParallelDimension[];
  metric: ParallelDimension;
  comparison: Comparison;
  shown: ReadonlySet<string>;
}

/** Any two axes against each other, a point a run in its colour; or in that of a third axis, with its contours between the runs. */
export function Scatter({ axes, metric, comparison, shown }: ScatterProps): React.JSX.Element {
  const { trans } = usePanel();
  const [names, setNames] = useState({ x: "", y: "", z: "" });
  const [contour, setContour] = useState(true);
  const named = (name: string) => axes.find((axis) => axis.name === name);
  const numbers = axes.filter(({ kind }) => kind === "number");
  const x = named(names.x) ?? numbers[0] ?? axes[0]!;
  const y = named(names.y) ?? metric;
  const z = named(names.z) ?? null;
  const { runs } = comparison;
  const isPossible = useMemo(() => z !== null && hasGround(x, y, z), [x, y, z]);
  const figure = useMemo(() => scatterOf(runs, { x, y, z }, shown, contour), [runs, x, y, z, shown, contour]);
  const choose = (changes: Partial<typeof names>) => setNames({ x: x.name, y: y.name, z: names.z, ...changes });
  const label = z
    ? trans.__("Runs by %1 and %2, coloured by %3", x.name, y.name, z.name)
    : trans.__("Runs by %1 and %2", x.name, y.name);
  return (
    <figure data-figure="scatter">
      <figcaption className="jp-Assay-bar">
        <AxisSelect
          name="scatter_x"
          label={trans.__("Across")}
          axes={axes}
          value={x.name}
          onChange={(name) => choose({ x: name })}
        />
        <AxisSelect name="scatter_y" label={trans.__("Up")} axes={axes} value={y.name} onChange={(name) => choose({ y: name })} />
        <AxisSelect
          name="scatter_z"
          label={trans.__("Coloured by")}
          axes={numbers}
          value={z?.name ?? ""}
          none={trans.__("a colour a run")}
          onChange={(name) => choose({ z: name })}
        />
        {z && (
          <label
            className="jp-Assay-check"
            title={isPossible ? undefined : trans.__("Needs numbers on both axes and five runs that have all three.")}
          >
            <input
              type="checkbox"
              name="scatter_contour"
              checked={contour && isPossible}
              disabled={!isPossible}
              onChange={({ target }) => setContour(target.checked)}
            />
            {trans.__("Contours")}
          </label>
        )}
      </figcaption>
      <Figure figure={figure} label={label} />
    </figure>
  );
}
