import React from "react";

interface FactListProps {
  className: string;
  /** Name and value of each. */
  facts: readonly (readonly [string, string])[];
}

/** Facts with their names. */
export function FactList({ className, facts }: FactListProps): React.JSX.Element {
  return (
    <dl className={className}>
      {facts.map(([name, value]) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  );
}
