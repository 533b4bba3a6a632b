import type { Command } from 'commander';
import { z } from 'zod';
import { deletionCertificateSchema } from '../../shared/domain/deletion-certificate.ts';
import { aligned, minuteOf } from '../aligned.ts';
import { contextOf } from '../context.ts';

const run = z.looseObject({
  deletedBlocks: z.number(),
  deletedRecords: z.number(),
  heldRecords: z.number(),
  certificates: z.array(z.string()),
});

const LIST_HEAD = [
  '证书 certificate',
  '酒店 hotel',
  '类别 class',
  '期间 period',
  '记录/块 records/blocks',
  '保留 held',
  '到期 due',
  '删除 deleted',
  '规则 rules',
];

export function registerRetention(program: Command): void {
  const retention = program.command('retention').description('保存期限与删除 retention and deletion');

  retention
    .command('run')
    .description('执行到期删除 delete what is due and certify it')
    .option('--as-of <time>', '以此时间为准 as of this time (local deployments, or with --dry-run)')
    .option('--dry-run', '只列出 only say what is due', false)
    .action(async ({ asOf, dryRun }: { asOf?: string; dryRun: boolean }, command: Command) => {
      const { console, api } = contextOf(command);
      const result = await (await api({ role: 'privacy-officer' })).post(
        '/retention/runs',
        { dryRun, ...(asOf === undefined ? {} : { asOf }) },
        run,
      );
      console.result(result, [
        `${dryRun ? '到期 due' : '已删除 deleted'}: ${result.deletedBlocks} 块 blocks, ${result.deletedRecords} 条记录 records`,
        `  保留中 held: ${result.heldRecords} 条记录 records`,
        ...result.certificates.map((id) => `  证书 certificate ${id}`),
      ]);
    });

  retention
    .command('certificates')
    .description('删除证书 certificates of deletion')
    .action(async (_options: unknown, command: Command) => {
      const { console, api } = contextOf(command);
      const result = await (await api({ role: 'privacy-officer' })).get(
        '/retention/certificates',
        z.looseObject({ certificates: z.array(deletionCertificateSchema.loose()) }),
      );
      console.result(
        result,
        result.certificates.length === 0
          ? ['没有证书 no certificates']
          : aligned(
              LIST_HEAD,
              result.certificates.map(({ certificateId, what, held, why, when }) => [
                certificateId,
                what.hotel,
                what.recordClass,
                what.period,
                `${what.records} / ${what.blocks}`,
                String(held.records),
                minuteOf(when.dueAt),
                minuteOf(when.deletedAt),
                why.rules.join(', '),
              ]),
            ),
      );
    });
}
