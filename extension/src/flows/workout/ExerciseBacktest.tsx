import type { WorkoutBacktest } from "assay-lab/contract";
import React, { useMemo } from "react";
import { usePanel } from "../../panel";
import { bandTraces } from "../../plotly/band";
import { Figure } from "../../plotly/Figure";

interface ExerciseBacktestProps {
  backtest: WorkoutBacktest;
  exercise: string;
  onOpen(exercise: string): void;
}

/** An exercise's forecasts of its own past with their intervals, and what was lifted. */
export function ExerciseBacktest({ backtest, exercise, onOpen }: ExerciseBacktestProps): React.JSX.Element | null {
  const { trans } = usePanel();
  const figure = useMemo(() => {
    const own = backtest.items.filter(({ exercise_name }) => exercise_name === exercise);
    const x = own.map(({ time }) => time);
    const lifted = {
      type: "scatter",
      mode: "markers",
      name: trans.__("lifted"),
      x,
      y: own.map(({ weight }) => weight),
      marker: { color: "#E69F00", size: 8 },
    };
    const band = bandTraces({
      name: trans.__("forecast"),
      x,
      value: own.map(({ forecast }) => forecast),
      low: own.map(({ low }) => low),
      high: own.map(({ high }) => high),
    });
    return {
      data: [...band, lifted],
      layout: {
        xaxis: { type: "date" },
        yaxis: { title: { text: backtest.unit } },
        legend: { orientation: "h", x: 0, y: 1.02, yanchor: "bottom" },
        margin: { t: 12, r: 12, b: 32, l: 56 },
      },
    };
  }, [backtest, exercise, trans]);
  return (
    <div className="jp-AssayWorkouts-looking">
      <div className="jp-Assay-bar">
        <h3>{exercise}</h3>
        <button type="button" className="jp-Assay-link" onClick={() => onOpen(exercise)}>
          {trans.__("Next session")}
        </button>
      </div>
      <Figure
        figure={figure}
        label={trans.__("Forecasts of %1 with their intervals, and what was lifted", exercise)}
        height={260}
      />
    </div>
  );
}
