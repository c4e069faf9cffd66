import React from "react";
import { formatInterval, formatMetric } from "../../elements/format";
import { usePanel } from "../../panel";
import type { Measured } from "./recommendation-routes";

/** A measure above its interval, where it has one. */
export function Figured({ value }: { value: Measured | undefined }): React.JSX.Element {
  const { preferences } = usePanel();
  const digits = Math.min(3, preferences.values.decimals);
  if (!value) return <>–</>;
  return (
    <>
      {formatMetric(value.value, digits)}
      {value.low !== null && value.high !== null && (
        <span className="jp-Assay-faint jp-AssayModels-under">
          {formatInterval(formatMetric(value.low, digits), formatMetric(value.high, digits))}
        </span>
      )}
    </>
  );
}
