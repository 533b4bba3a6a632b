import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, afterEach, describe, expect, it } from '@jest/globals';
import type { Api } from '../../cli/api.ts';
import { measureExport, uploadExport } from '../../cli/upload-export.ts';

const folder = mkdtempSync(path.join(tmpdir(), 'dualkey-upload-test-'));
const servers: Server[] = [];
afterEach(() => {
  for (const server of servers.splice(0)) server.close();
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Where parts are put: it answers each with this. */
async function storage(status: number, answer: string): Promise<string> {
  const server = createServer((request, response) => {
    request.resume().on('end', () => response.writeHead(status).end(answer));
  });
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('The server has no port');
  return `http://127.0.0.1:${address.port}/part`;
}

/** An API that begins a batch of one part, to be put there. */
function api(url: string): Api {
  const begun = { batchId: 'bat_1', partBytes: 1024, parts: [{ number: 1, url }] };
  return {
    get: async () => {
      throw new Error('Nothing is asked for before the upload is complete');
    },
    post: async (_path, _body, schema) => schema.parse(begun),
    username: 'itops01',
    stepUp: async () => {
      throw new Error('Nothing of an upload is signed');
    },
  };
}

async function upload(status: number, code: string): Promise<unknown> {
  const file = path.join(folder, 'export.jsonl');
  writeFileSync(file, '{}\n');
  const measured = await measureExport(file);
  const target = api(await storage(status, `<Error><Code>${code}</Code></Error>`));
  return uploadExport(target, measured, { source: 'wecom', hotel: 'SHA01' }, () => undefined);
}

describe('an upload whose part isn’t taken', () => {
  it.each([
    ['the link has expired', 403, 'AccessDenied'],
    ['the session that signed it has ended', 400, 'ExpiredToken'],
  ])('says that the links have ended, and that it can be run again, where %s', async (_, status, code) => {
    await expect(upload(status, code)).rejects.toThrow(
      'part 1 was not taken (the links of this upload have ended): run the command again, nothing is taken twice',
    );
  });

  it('says what the storage answered otherwise', async () => {
    await expect(upload(503, 'SlowDown')).rejects.toThrow(
      'part 1 was not taken (503 SlowDown): run the command again',
    );
  });
});
