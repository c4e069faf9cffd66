import { FormComponent } from "@jupyterlab/ui-components";
import type { ReadonlyJSONObject } from "@lumino/coreutils";
import React, { useEffect, useLayoutEffect, useMemo, useRef, useState } from "react";
import { Empty, Loading } from "../elements/states";
import { usePanel } from "../panel";
import type { JsonSchema, ParamsSchema, Space } from "../routes";
import { MoreFields } from "./MoreFields";
import { NumberSlider } from "./NumberSlider";
import { ConstraintsParam, PartsParam, TextParam } from "./param-fields";
import { demandOf } from "./param-text";
import { defaultsOf, type Part, paramsForm } from "./params-form";

type FormProps = React.ComponentProps<typeof FormComponent>;

interface HyperparametersProps {
  schema: ParamsSchema;
  /** Where the service usually searches. */
  space: Space | undefined;
  values: Record<string, unknown>;
  /** Algorithms that may stand inside this one. */
  parts: readonly Part[];
  /** The chosen columns. */
  features: readonly string[];
  /** The field that the service refused, and its words. */
  refused: { name: string; message: string } | null;
  onChange(values: Record<string, unknown>, valid: boolean): void;
}

const fields = { text: TextParam, parts: PartsParam, constraints: ConstraintsParam } as unknown as NonNullable<
  FormProps["fields"]
>;
const widgets = { slider: NumberSlider } as unknown as NonNullable<FormProps["widgets"]>;

/** The form of an algorithm's hyperparameters, made from its JSON Schema. The validator is loaded with the first form. */
export function Hyperparameters(props: HyperparametersProps): React.JSX.Element {
  const { schema, space, values, parts, features, refused, onChange } = props;
  const { trans } = usePanel();
  const validator = useValidator();
  const form = useMemo(() => paramsForm(schema, parts, space, trans.__("none")), [schema, parts, space, trans]);
  // by its hint, for `templates` would take the place of all of JupyterLab's
  const uiSchema = useMemo(() => ({ ...form.uiSchema, "ui:ObjectFieldTemplate": MoreFields }), [form]);
  const context = useMemo(() => ({ defaultFormData: defaultsOf(schema), features }), [schema, features]);
  const properties = form.schema["properties"] as ParamsSchema["properties"];
  const extraErrors = useMemo(() => (refused ? { [refused.name]: { __errors: [refused.message] } } : {}), [refused]);

  const node = useRef<HTMLDivElement>(null);
  useLayoutEffect(() => {
    // JupyterLab's form shows its titles without tying them to the fields
    for (const [name, { title }] of Object.entries(properties))
      node.current?.querySelector(`:is(input, select)[id="assay-param_${name}"]`)?.setAttribute("aria-label", title ?? name);
    // a field that is wrong must be seen
    for (const error of node.current?.querySelectorAll(".validationErrors li") ?? [])
      error.closest("details")?.setAttribute("open", "");
  });

  if (Object.keys(schema.properties).length === 0) return <Empty title={trans.__("This algorithm has no hyperparameters.")} />;
  if (!validator) return <Loading />;
  return (
    <div className="jp-AssayNew-params" ref={node}>
      <FormComponent
        schema={form.schema as FormProps["schema"]}
        uiSchema={uiSchema as FormProps["uiSchema"]}
        validator={validator}
        fields={fields}
        widgets={widgets}
        formData={values as ReadonlyJSONObject}
        formContext={context}
        idPrefix="assay-param"
        tagName="div"
        liveValidate
        compact
        showErrorList={false}
        extraErrors={extraErrors as unknown as NonNullable<FormProps["extraErrors"]>}
        transformErrors={(errors) => oneEach(errors, properties)}
        onChange={({ formData, errors }) =>
          onChange(
            (formData ?? {}) as Record<string, unknown>,
            errors.every(({ message }) => message === refused?.message),
          )
        }
      />
    </div>
  );
}

function useValidator(): FormProps["validator"] | null {
  const [validator, setValidator] = useState<FormProps["validator"] | null>(null);
  useEffect(() => {
    let wanted = true;
    // the form is JupyterLab's and takes the validator of its own copy of rjsf's types
    void import("@rjsf/validator-ajv8").then((ajv) => wanted && setValidator(ajv.default as unknown as FormProps["validator"]));
    return () => {
      wanted = false;
    };
  }, []);
  return validator;
}

type Errors = Parameters<NonNullable<FormProps["transformErrors"]>>[0];

/** One error a parameter, in our words where it may be of several kinds. */
function oneEach(errors: Errors, properties: Record<string, JsonSchema>): Errors {
  const seen = new Set<string>();
  return errors.flatMap((error) => {
    const name = /^\.?(\w+)/.exec(error.property ?? "")?.[1] ?? "";
    if (seen.has(name)) return [];
    seen.add(name);
    const property = properties[name];
    const plain = property && !property.anyOf && property.type !== "array";
    return [
      { ...error, property: `.${name}`, message: plain || !property ? error.message : demandOf(property) } as (typeof errors)[0],
    ];
  });
}
