/** Some items of a piece of work failed after all were attempted; `cause` is the list of their errors. */
export class SomeFailedError extends Error {
  override name = 'SomeFailedError';
  readonly failed: number;

  constructor(work: string, errors: unknown[], total: number) {
    super(`${work}: ${errors.length} of ${total} failed`, {
      cause: errors.length === 1 ? errors[0] : new AggregateError(errors),
    });
    this.failed = errors.length;
  }
}

/** Does this to every item at once: one that fails never keeps another from its turn. Throws SomeFailedError at the end. */
export async function attemptEach<Item, Result>(
  work: string,
  items: readonly Item[],
  act: (item: Item) => Promise<Result>,
): Promise<Result[]> {
  const results = await Promise.allSettled(items.map(act));
  const errors = results.flatMap((result) => (result.status === 'rejected' ? [result.reason] : []));
  if (errors.length > 0) throw new SomeFailedError(work, errors, items.length);
  return results.flatMap((result) => (result.status === 'fulfilled' ? [result.value] : []));
}
