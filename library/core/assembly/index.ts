// The kernels: hot loops over raw places in one shared memory. Pointers are bytes; every kernel has its plain twin in a test of `numeric/`.
export * from "./binning";
export * from "./gradient";
export * from "./histogram";
export * from "./radix-sort";
export * from "./score";
export * from "./split";
export * from "./distance";
export * from "./cart-absolute";
export * from "./cart-order";
export * from "./cart-rows";
export * from "./cart-scan";
export * from "./cart-subtree";
export * from "./linear";
export * from "./svm";
export * from "./clusters";
export * from "./neural";
