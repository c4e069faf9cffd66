/** Arrow's numbers of the types that Spark has; Arrow itself is loaded with the first table, not with this. */
export const arrowTypes = {
  int: 2,
  float: 3,
  binary: 4,
  text: 5,
  boolean: 6,
  decimal: 7,
  date: 8,
  timestamp: 10,
  list: 12,
  struct: 13,
  map: 17,
} as const;
