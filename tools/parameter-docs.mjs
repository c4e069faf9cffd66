// What a form says of a parameter, as the hover of an editor shows it: the types of estimators are made of schemas, whose words they lose.

/** The declarations with a comment on every parameter of every estimator: title, description, bounds, default. */
export function withParameterDocs(declarations, library) {
  let properties;
  return declarations
    .split("\n")
    .flatMap((line) => {
      const [, name] = /^declare const (\w+): \w+Factory<\{$/.exec(line) ?? [];
      if (name) properties = library[name].jsonSchema().properties;
      else if (line.startsWith("}")) properties = undefined;
      const [, parameter] = /^ {4}(\w+)\??: /.exec(line) ?? [];
      const told = parameter && properties?.[parameter] && sentence(properties[parameter]);
      return told ? [`    /** ${told.replaceAll("*/", "* /")} */`, line] : [line];
    })
    .join("\n");
}

/** `Trees. Their number. ≥ 1. Default 100.` */
function sentence({ title, description, default: value, ...schema }) {
  const bound = schema.minimum ?? (schema.exclusiveMinimum !== undefined ? `> ${schema.exclusiveMinimum}` : undefined);
  const end = schema.maximum ?? (schema.exclusiveMaximum !== undefined ? `< ${schema.exclusiveMaximum}` : undefined);
  const isWide = (number) => typeof number === "number" && Math.abs(number) >= Number.MAX_SAFE_INTEGER;
  const said = [
    title,
    description,
    bound !== undefined && !isWide(bound) && (typeof bound === "string" ? bound : `≥ ${bound}`),
    end !== undefined && !isWide(end) && (typeof end === "string" ? end : `≤ ${end}`),
    value !== undefined && `Default ${JSON.stringify(value)}`,
  ];
  return said
    .filter(Boolean)
    .map((part) => `${part.replace(/\.$/, "")}.`)
    .join(" ");
}
