/** Where a retrieval's readable things lie in the delivery bucket. */
export const deliveryKeys = {
  /** The approved records, encrypted under the grant's key. */
  staged: (requestId: string): string => `staged/${requestId}`,
  copies: (requestId: string): string => `copies/${requestId}/`,
  copy: (requestId: string, openingId: string): string => `copies/${requestId}/${openingId}.zip`,
};
