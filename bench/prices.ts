/**
 * On-demand prices in US dollars of us-east-1 (N. Virginia), without free tiers, discounts, tax or fixed monthly costs.
 * The price of a transition was read on the Step Functions pricing page; the others are the list prices as known at the
 * date below and were not looked up again. Check each service's pricing page before relying on the sum.
 */
export const PRICES = {
  region: 'us-east-1',
  dated: '2026-11',
  /** Step Functions Standard, per state transition. */
  transition: 0.025 / 1_000,
  /** Lambda, per request and per GB-second (x86). */
  invocation: 0.2 / 1_000_000,
  gigabyteSecond: 0.000_016_666_7,
  /** HTTP API, per call. */
  apiCall: 1.0 / 1_000_000,
  /** DynamoDB on demand, per request unit. */
  readUnit: 0.125 / 1_000_000,
  writeUnit: 0.625 / 1_000_000,
  /** S3 Standard, per request. */
  s3Write: 0.005 / 1_000,
  s3Read: 0.000_4 / 1_000,
  /** KMS, per call: symmetric, and ECC signing. */
  kms: 0.03 / 10_000,
  kmsSign: 0.15 / 10_000,
} as const;
