import { spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { readZip } from '../../shared/package/zip-reader.ts';

const SCRIPT = join(import.meta.dirname, '../../docs/formats/verify-approvals.mjs');

/** What docs/formats/verify-approvals.mjs says of a package that was unpacked, after `change` had its way with the files. */
export async function verifiedApprovals(
  zip: Uint8Array,
  change: (folder: string) => void = () => {},
): Promise<{ code: number | null; output: string }> {
  const folder = mkdtempSync(join(tmpdir(), 'package-'));
  try {
    for (const { name, bytes } of readZip(zip)) {
      mkdirSync(dirname(join(folder, name)), { recursive: true });
      writeFileSync(join(folder, name), bytes);
    }
    change(folder);
    return await run(folder);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function run(folder: string): Promise<{ code: number | null; output: string }> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, ['--no-warnings', SCRIPT, folder], {
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let output = '';
    child.stdout.on('data', (part: Buffer) => {
      output += part.toString('utf8');
    });
    child.stderr.on('data', (part: Buffer) => {
      output += part.toString('utf8');
    });
    child.on('error', reject);
    child.on('close', (code) => resolve({ code, output }));
  });
}
