import { expect, test } from "vitest";
import { withParameterDocs } from "./parameter-docs.mjs";

const library = {
  forest: {
    jsonSchema: () => ({
      properties: {
        trees: { title: "Trees", description: "Their number", minimum: 1, default: 100 },
        depth: { title: "Depth", exclusiveMinimum: 0, maximum: 9 },
      },
    }),
  },
};
const declarations = (parameter: string): string => `declare const forest: ClassifierFactory<{\n    ${parameter}\n}, {}, State>;`;

test.each([
  ["title, description, bound and default", "trees?: number | undefined;", "/** Trees. Their number. ≥ 1. Default 100. */"],
  ["bounds that are no values", "depth?: number | undefined;", "/** Depth. > 0. ≤ 9. */"],
])("a parameter's hover tells %s", (_, parameter, told) => {
  expect(withParameterDocs(declarations(parameter), library)).toContain(`    ${told}\n    ${parameter}`);
});

test("what is no parameter of an estimator stays as it is", () => {
  const other = "interface Row {\n    trees: number;\n}";
  expect(withParameterDocs(other, library)).toBe(other);
});
