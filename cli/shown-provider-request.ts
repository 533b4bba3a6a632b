import { z } from 'zod';

/** A provider request as the API shows it. */
export const providerRequest = z.looseObject({
  providerRequestId: z.string(),
  letterNumber: z.string(),
  state: z.string(),
  answerBy: z.string().nullable(),
  hotels: z.array(z.string()),
});
export type ShownProviderRequest = z.infer<typeof providerRequest>;

/** Its states in Chinese. */
export const STATES: Readonly<Record<string, string>> = {
  drafted: '已起草',
  sent: '已寄出',
  answered: '已答复',
  refused: '被拒绝',
  overdue: '逾期未复',
  withdrawn: '已撤回',
};
