import React from "react";

/** The colour of a run or a study beside its name, as figures draw it; for the eye alone. */
export function Swatch({ color }: { color: string }): React.JSX.Element {
  return <span aria-hidden="true" className="jp-Assay-swatch" style={{ background: color }} />;
}
