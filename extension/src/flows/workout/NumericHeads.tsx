import React from "react";

/** Headers of columns of numbers. */
export function NumericHeads({ titles }: { titles: readonly string[] }): React.JSX.Element {
  return (
    <>
      {titles.map((title) => (
        <th key={title} scope="col" className="jp-mod-numeric">
          {title}
        </th>
      ))}
    </>
  );
}
