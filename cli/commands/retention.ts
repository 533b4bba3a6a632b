import type { Command } from 'commander';
import { z } from 'zod';
import { deletionCertificateSchema } from '../../shared/domain/deletion-certificate.ts';
import { RECORD_CLASS_LABELS } from '../../shared/domain/labels.ts';
import { aligned, minuteOf } from '../aligned.ts';
import { contextOf } from '../context.ts';
import { named, type Say } from '../language.ts';

const run = z.looseObject({
  deletedBlocks: z.number(),
  deletedRecords: z.number(),
  heldRecords: z.number(),
  certificates: z.array(z.string()),
});

const LIST_HEAD = (say: Say) => [
  say('证书', 'certificate'),
  say('酒店', 'hotel'),
  say('类别', 'class'),
  say('期间', 'period'),
  say('记录/块', 'records/blocks'),
  say('保留', 'held'),
  say('到期', 'due'),
  say('删除', 'deleted'),
  say('规则', 'rules'),
];

export function registerRetention(program: Command): void {
  const retention = program.command('retention').description('保存期限与删除 retention and deletion');

  retention
    .command('run')
    .description('执行到期删除 delete what is due and certify it')
    .option('--as-of <time>', '以此时间为准 as of this time (local deployments, or with --dry-run)')
    .option('--dry-run', '只列出 only say what is due', false)
    .action(async ({ asOf, dryRun }: { asOf?: string; dryRun: boolean }, command: Command) => {
      const { console, say, api } = contextOf(command);
      const result = await (await api({ role: 'privacy-officer' })).post(
        '/retention/runs',
        { dryRun, ...(asOf === undefined ? {} : { asOf }) },
        run,
      );
      console.result(result, [
        `${dryRun ? say('到期', 'due') : say('已删除', 'deleted')}: ${result.deletedBlocks} ${say('块', 'blocks')}, ${result.deletedRecords} ${say('条记录', 'records')}`,
        `  ${say('保留中', 'held')}: ${result.heldRecords} ${say('条记录', 'records')}`,
        ...result.certificates.map((id) => `  ${say('证书', 'certificate')} ${id}`),
      ]);
    });

  retention
    .command('certificates')
    .description('删除证书 certificates of deletion')
    .action(async (_options: unknown, command: Command) => {
      const { console, say, api } = contextOf(command);
      const result = await (await api({ role: 'privacy-officer' })).get(
        '/retention/certificates',
        z.looseObject({ certificates: z.array(deletionCertificateSchema.loose()) }),
      );
      console.result(
        result,
        result.certificates.length === 0
          ? [say('没有证书', 'no certificates')]
          : aligned(
              LIST_HEAD(say),
              result.certificates.map(({ certificateId, what, held, why, when }) => [
                certificateId,
                what.hotel,
                named(say, RECORD_CLASS_LABELS, what.recordClass),
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
