// What a bundler for pages finds in place of the library.
throw new Error(
  'assay-lab runs in Node: it needs PostgreSQL and files. A page asks a service, by assayClient of "assay-lab/client"',
);
