import { FormComponent } from "@jupyterlab/ui-components";
import type { ReadonlyJSONObject } from "@lumino/coreutils";
import React, { useEffect, useLayoutEffect, useMemo, useRef, useState } from "react";
import { Empty, Loading } from "../elements/states";
import { usePanel } from "../panel";
import type { ParamsSchema } from "../routes";
import { defaultsOf, paramsForm } from "./params-form";

type FormProps = React.ComponentProps<typeof FormComponent>;

interface HyperparametersProps {
  schema: ParamsSchema;
  values: Record<string, unknown>;
  onChange(values: Record<string, unknown>, valid: boolean): void;
}

/** The form of an algorithm's hyperparameters, made from its JSON Schema. The validator is loaded with the first form. */
export function Hyperparameters({ schema, values, onChange }: HyperparametersProps): React.JSX.Element {
  const { trans } = usePanel();
  const [validator, setValidator] = useState<FormProps["validator"] | null>(null);
  useEffect(() => {
    let wanted = true;
    // the form is JupyterLab's and takes the validator of its own copy of rjsf's types
    void import("@rjsf/validator-ajv8").then((ajv) => wanted && setValidator(ajv.default as unknown as FormProps["validator"]));
    return () => {
      wanted = false;
    };
  }, []);
  const form = useMemo(() => paramsForm(schema), [schema]);
  const context = useMemo(() => ({ defaultFormData: defaultsOf(schema) }), [schema]);

  const node = useRef<HTMLDivElement>(null);
  useLayoutEffect(() => {
    // JupyterLab's form shows its titles without tying them to the fields
    for (const [name, { title }] of Object.entries(form.schema["properties"] as ParamsSchema["properties"]))
      for (const field of node.current?.querySelectorAll(`[id^="assay-param_${name}"]:is(input, select)`) ?? [])
        field.setAttribute("aria-label", title ?? name);
  });

  if (Object.keys(schema.properties).length === 0) return <Empty title={trans.__("This algorithm has no hyperparameters.")} />;
  if (!validator) return <Loading />;
  return (
    <div className="jp-AssayNew-params" ref={node}>
      <FormComponent
        schema={form.schema as FormProps["schema"]}
        uiSchema={form.uiSchema as FormProps["uiSchema"]}
        validator={validator}
        formData={values as ReadonlyJSONObject}
        formContext={context}
        idPrefix="assay-param"
        tagName="div"
        liveValidate
        compact
        showErrorList={false}
        onChange={({ formData, errors }) => onChange((formData ?? {}) as Record<string, unknown>, errors.length === 0)}
      />
    </div>
  );
}
