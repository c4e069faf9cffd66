import React from "react";
import { Empty, State } from "../../elements/states";
import { usePanel } from "../../panel";
import { Backtest } from "./Backtest";
import { Training } from "./Training";
import { useBacktest } from "./use-workouts";

/** How good forecasts were, told honestly, and the training of the ensemble. */
export function Forecasts({ onOpen }: { onOpen(exercise: string): void }): React.JSX.Element {
  const { trans } = usePanel();
  const looked = useBacktest();
  const none = (
    <Empty title={trans.__("No ensemble is trained yet.")}>
      <p>
        {trans.__(
          "Until then the trend of the last sessions answers. What forecasts are worth stands here after the first training.",
        )}
      </p>
    </Empty>
  );
  return (
    <>
      <Training userId={looked.data?.user_id} />
      <State of={looked} rows={6} empty={({ backtest }) => backtest === null && none}>
        {({ backtest, model }) => backtest && <Backtest backtest={backtest} model={model} onOpen={onOpen} />}
      </State>
    </>
  );
}
