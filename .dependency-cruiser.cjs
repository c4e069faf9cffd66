// The rooms of the design, in order: a room imports only rooms above it, and no cycle.
const rooms = {
  "library/core/src": [
    "numeric",
    "base",
    "data",
    "metrics",
    "splits",
    "preprocessing",
    ["tree", "linear", "svm", "bayes", "neighbors", "cluster", "decomposition", "neural", "dummy", "series"],
    "ensemble",
    "recommend",
    "model-selection",
    ["feature-selection", "tuning"],
    "plots",
    "inspection",
    "notebook",
  ],
  "library/lab/src": [
    "contract",
    "client",
    "db",
    "engine",
    "projects",
    "datasets",
    "tracking",
    "spark",
    "registry",
    "jobs",
    "reports",
    "remote",
    "operations",
    "api",
    "cli",
  ],
};

const order = Object.entries(rooms).flatMap(([source, list]) =>
  list.slice(0, -1).map((room, k) => ({
    name: `${source}: ${room} imports only rooms above it`,
    severity: "error",
    from: { path: `^${source}/(${[room].flat().join("|")})/`, pathNot: "\\.test\\.ts$" },
    to: {
      path: `^${source}/(${list
        .slice(k + 1)
        .flat()
        .join("|")})/`,
      pathNot: "/base/errors\\.ts$", // the classes of errors stand above every room
    },
  })),
);

module.exports = {
  forbidden: [
    ...order,
    { name: "no cycle", severity: "error", from: {}, to: { circular: true, viaOnly: { dependencyTypesNot: ["type-only"] } } },
    {
      name: "assay never imports assay-lab",
      severity: "error",
      from: { path: "^library/core" },
      to: { path: "^library/lab|^assay-lab" },
    },
    {
      name: "the contract imports zod only",
      severity: "error",
      from: { path: "^library/lab/src/contract/", pathNot: "\\.test\\.ts$" },
      to: { pathNot: "(^|/)zod|^library/lab/src/contract/" },
    },
    {
      name: "the client is browser-safe",
      severity: "error",
      from: { path: "^library/lab/src/client/", pathNot: "\\.test\\.ts$" },
      to: { pathNot: "(^|/)zod|^library/lab/src/(contract|client)/" },
    },
    {
      name: "panels see the contract and the client only",
      severity: "error",
      from: { path: "^extension/src" },
      to: { path: "^library/(core|lab/src/(?!contract|client))" },
    },
    {
      name: "testing is imported by tests only",
      severity: "error",
      from: { pathNot: "\\.test\\.tsx?$|/testing/" },
      to: { path: "/src/testing/" },
    },
  ],
  options: {
    doNotFollow: { path: "node_modules" },
    exclude: "/(dist|lib|labextension)/",
    tsPreCompilationDeps: true,
    tsConfig: { fileName: "tsconfig.base.json" },
    enhancedResolveOptions: { conditionNames: ["assay-source", "import", "types", "node", "default"] },
  },
};
