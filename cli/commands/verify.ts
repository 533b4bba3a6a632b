import type { Command } from 'commander';
import { z } from 'zod';
import type { PackageVerification } from '../../shared/package/verify-package.ts';
import type { Languages } from '../../shared/policy/matrix-document.ts';
import { contextOf } from '../context.ts';
import { EXIT } from '../failure.ts';
import { readInputFile } from '../input-file.ts';
import { speaking } from '../language.ts';
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

/** The result as a person reads it: the checks, what was found of the signer, and what no check can show. */
export function verificationLines(result: PackageVerification, languages: Languages): string[] {
  const say = speaking(languages);
  const { checks, trust, signer } = result;
  const made = checks.filter(({ name }) => name !== 'limits');
  const limits = checks.find(({ name }) => name === 'limits');
  return [
    ...made.map(({ name, ok, detail }) => `${ok ? '✓' : '✗'} ${name.padEnd(12)} ${detail}`),
    '',
    result.summary,
    ...(trust === 'pinned' && signer !== null
      ? [`${say('签名密钥', 'signed by')} ${signer.keyId} ${signer.fingerprint}`]
      : []),
    ...(limits === undefined
      ? []
      : [
          '',
          `${say('不能证明的', 'what this can’t show')}:`,
          ...limits.detail.split(' | ').map((one) => `  · ${one}`),
        ]),
  ];
}
