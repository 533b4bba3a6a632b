import { instantSchema } from '../domain/instant.ts';

/** The body field `asOf`: an injected time where the deployment allows one; elsewhere it may not be there. */
export function asOfField(mode: 'system' | 'injectable') {
  return instantSchema
    .optional()
    .refine(
      (time) => time === undefined || mode === 'injectable',
      'this deployment takes no injected time · 此部署不接受注入的时间',
    );
}
