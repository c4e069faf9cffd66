// What a bundler for pages finds in place of the library.
throw new Error(
  'assay runs in Node: it needs files, threads and DuckDB. A page asks a service, by assayClient of "assay-lab/client"',
);
