// A typedoc plugin: modules bear the names by which they are imported.
import { Converter } from "typedoc";

const names = { "core/src": "assay", "lab/src": "assay-lab", "lab/src/client": "assay-lab/client" };

/** Called by typedoc. */
export function load({ converter }) {
  converter.on(Converter.EVENT_RESOLVE_BEGIN, ({ project }) => {
    for (const module of project.children) module.name = names[module.name] ?? module.name;
  });
}
