import React from "react";
import { usePanel } from "../panel";

/** How many fields a form shows at once; an algorithm names what matters most first. */
const shown = 12;

/** The part of rjsf's object template that is used here. */
interface ObjectProps {
  idSchema: { $id: string };
  properties: readonly { name: string; content: React.ReactElement }[];
}

/** The fields of a form: the first of them, the others behind one line. */
export function MoreFields({ idSchema, properties }: ObjectProps): React.JSX.Element {
  const { trans } = usePanel();
  const fits = properties.length <= shown + 3;
  const [first, more] = fits ? [properties, []] : [properties.slice(0, shown), properties.slice(shown)];
  return (
    <>
      <fieldset id={idSchema.$id}>{first.map(({ content }) => content)}</fieldset>
      {more.length > 0 && (
        <details className="jp-AssayNew-more">
          <summary>{trans.__("%1 more", more.length)}</summary>
          <fieldset>{more.map(({ content }) => content)}</fieldset>
        </details>
      )}
    </>
  );
}
