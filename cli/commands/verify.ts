import type { Command } from 'commander';
import { z } from 'zod';
import { type Languages, type Words, wordsOf } from '../../shared/domain/words.ts';
import { LIMITS_OF_PROOF } from '../../shared/package/limits-of-proof.ts';
import type { CheckName, PackageVerification } from '../../shared/package/verify-package.ts';
import { contextOf } from '../context.ts';
import { EXIT } from '../failure.ts';
import { readInputFile } from '../input-file.ts';
import { named, speaking } from '../language.ts';
import { verifyPackage } from '../verify-package.ts';

export function registerVerify(program: Command): void {
  program
    .command('verify')
    .description('离线验证调阅包 verify a package offline')
    .argument('<file>', '调阅包 the package (ZIP)')
    .option(
      '--keys <file>',
      '从包外取得的公钥 public keys from outside the package, such as .local/keys.json',
    )
    .action(async (file: string, { keys }: { keys?: string }, command: Command) => {
      const { console, languages } = contextOf(command);
      const given = keys === undefined ? undefined : await readInputFile(keys, z.unknown());
      const result = await verifyPackage(file, given);
      console.result(result, verificationLines(result, languages));
      process.exitCode = result.ok ? EXIT.done : EXIT.refused;
    });
}

const CHECK_LABELS: Record<CheckName, Words> = {
  container: { zh: '容器', en: 'container' },
  manifest: { zh: '清单', en: 'manifest' },
  entries: { zh: '文件', en: 'entries' },
  signature: { zh: '签名', en: 'signature' },
  request: { zh: '申请', en: 'request' },
  approvals: { zh: '审批', en: 'approvals' },
  'approvals-signed': { zh: '审批的签署', en: 'approvals signed' },
  records: { zh: '记录', en: 'records' },
  scope: { zh: '范围', en: 'scope' },
  watermark: { zh: '水印', en: 'watermark' },
  completeness: { zh: '完整性', en: 'completeness' },
  events: { zh: '保管事件', en: 'custody events' },
  signer: { zh: '签名者', en: 'signer' },
  limits: { zh: '不能证明的', en: 'limits' },
};

/** What a check says in both languages, in those that were asked for. */
function oneOf(text: string, languages: Languages): string {
  const words = languages === 'both' ? null : wordsOf(text);
  return words === null ? text : speaking(languages)(words.zh, words.en);
}

/** The result as a person reads it: the checks, what was found of the signer, and what no check can show. */
export function verificationLines(result: PackageVerification, languages: Languages): string[] {
  const say = speaking(languages);
  const { checks, trust, signer } = result;
  const made = checks.filter(({ name }) => name !== 'limits');
  const limits = checks.find(({ name }) => name === 'limits');
  return [
    ...made.map(
      ({ name, ok, detail }) =>
        `${ok ? '✓' : '✗'} ${named(say, CHECK_LABELS, name)}: ${oneOf(detail, languages)}`,
    ),
    '',
    oneOf(result.summary, languages),
    ...(trust === 'pinned' && signer !== null
      ? [`${say('签名密钥', 'signed by')} ${signer.keyId} ${signer.fingerprint}`]
      : []),
    ...(limits === undefined
      ? []
      : [
          '',
          `${say('不能证明的', 'what this can’t show')}:`,
          ...LIMITS_OF_PROOF.map(({ zh, en }) => `  · ${say(zh, en)}`),
        ]),
  ];
}
