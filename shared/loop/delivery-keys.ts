/** Where a retrieval's readable things lie in the delivery bucket. */
export const deliveryKeys = {
  /** The approved records, encrypted under the grant's key. */
  staged: (requestId: string): string => `staged/${requestId}`,
  /** Media of these records under the same key; `file` is the entry's name in the package. */
  stagedMedia: (requestId: string): string => `staged/${requestId}/`,
  stagedMedium: (requestId: string, file: string): string => `staged/${requestId}/${file}`,
  copies: (requestId: string): string => `copies/${requestId}/`,
  copiesOf: ({ requestId, openingId }: { requestId: string; openingId: string }): string =>
    `copies/${requestId}/${openingId}/`,
  /** Each attempt to render a copy has a key of its own, so that none ever brings back what was deleted. */
  copy: (opening: { requestId: string; openingId: string }, attempt: string): string =>
    `${deliveryKeys.copiesOf(opening)}${attempt}.zip`,
};
