import React, { useMemo, useState } from "react";
import { SelectField } from "../../elements/Field";
import { usePanel } from "../../panel";
import { Figure } from "../../plotly/Figure";
import { type JudgedModel, measureBars } from "./judged";
import { measureWord } from "./names";

interface MeasureFigureProps {
  models: readonly Pick<JudgedModel, "name" | "measures">[];
  /** How each is called; none twice. */
  titles: readonly string[];
  measures: readonly string[];
}

/** Bars of a measure that the reader chooses, with the intervals. */
export function MeasureFigure({ models, titles, measures }: MeasureFigureProps): React.JSX.Element | null {
  const { trans } = usePanel();
  const [chosen, setChosen] = useState("");
  const measure = measures.includes(chosen) ? chosen : measures[0];
  const named = titles.join("\n");
  const figure = useMemo(
    () => (measure === undefined ? null : measureBars(models, measure, named.split("\n"), measureWord(trans, measure))),
    [models, measure, named, trans],
  );
  if (measure === undefined || figure === null) return null;
  return (
    <>
      <div className="jp-Assay-fields">
        <SelectField
          label={trans.__("Drawn measure")}
          name="measure"
          value={measure}
          options={measures.map((each) => ({ value: each, label: measureWord(trans, each) }))}
          onChange={setChosen}
        />
      </div>
      <Figure
        figure={figure}
        label={trans.__("%1 of each recommender", measureWord(trans, measure))}
        height={90 + 34 * models.length}
      />
    </>
  );
}
