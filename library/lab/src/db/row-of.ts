/** A row of the query that a function of queries builds: `RowOf<typeof jobRows>`. */
export type RowOf<Q extends (...given: never) => { executeTakeFirstOrThrow(): Promise<unknown> }> = Awaited<
  ReturnType<ReturnType<Q>["executeTakeFirstOrThrow"]>
>;
