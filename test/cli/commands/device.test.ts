import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { z } from 'zod';
import { runDualkey } from '../run-dualkey.ts';

const ACT = { by: 'p_lawyer', at: '2026-06-01T00:00:00.000Z' };
const sent = z.object({
  registration: z.object({ id: z.string() }).optional(),
  credentialId: z.string().optional(),
});

/** Devices as the deployment keeps them: offered pending, revoked on request. */
describe('device enrol', () => {
  let server: Server;
  let folder: string;
  let environment: Record<string, string>;
  let devices: Map<string, string>;

  const shown = (credentialId: string) => ({
    credentialId,
    person: 'p_lawyer',
    kind: 'software',
    state: devices.get(credentialId) ?? 'pending',
    fingerprint: 'f',
    enrolled: ACT,
    confirmed: null,
    revoked: null,
  });
  function answer(url: string, body: string): object {
    if (url === '/step-up/challenges')
      return {
        ...{ nonce: Buffer.alloc(32).toString('base64url'), time: ACT.at, person: 'p_lawyer', role: null },
        ...{ rpId: 'dualkey.example', origins: ['https://dualkey.example'], devices: [] },
      };
    if (body === '') return { person: 'p_lawyer', devices: [...devices.keys()].map(shown) };
    const { registration, credentialId } = sent.parse(JSON.parse(body));
    const id = registration?.id ?? credentialId ?? '';
    devices.set(id, registration === undefined ? 'revoked' : 'pending');
    return shown(id);
  }

  beforeEach(async () => {
    devices = new Map();
    folder = mkdtempSync(join(tmpdir(), 'dualkey-device-'));
    server = createServer((request, response) => {
      let body = '';
      request.on('data', (part: Buffer) => {
        body += part.toString();
      });
      request.on('end', () => {
        response.writeHead(200, { 'content-type': 'application/json' });
        response.end(JSON.stringify(answer(request.url ?? '', body)));
      });
    });
    await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
    const { port } = z.object({ port: z.number() }).parse(server.address());
    environment = {
      DUALKEY_TOKEN: 'a.b.c',
      DUALKEY_API_URL: `http://127.0.0.1:${port}`,
      DUALKEY_LOCAL_DIR: folder,
    };
  });
  afterEach(async () => {
    await new Promise((closed) => server.close(closed));
    rmSync(folder, { recursive: true });
  });
  const enrol = (...options: string[]) => runDualkey(['device', 'enrol', ...options], environment);

  it('stops before a key that waits here is dropped, says what would happen, and changes nothing', async () => {
    expect((await enrol()).code).toBe(0);
    const [first = ''] = [...devices.keys()];
    const { code, stderr } = await enrol();
    expect(code).toBe(2);
    for (const words of [
      first,
      'nothing was changed',
      '--replace',
      `dualkey device confirm p_lawyer ${first}`,
    ])
      expect(stderr).toContain(words);
    expect([...devices]).toEqual([[first, 'pending']]);
  });

  it('says of a key that is confirmed already when it will sign', async () => {
    await enrol();
    for (const id of devices.keys()) devices.set(id, 'enrolled');
    const { code, stderr } = await enrol();
    expect([code, stderr.includes('as soon as no older key')]).toEqual([2, true]);
  });

  it('with --replace revokes the one that is dropped, so that nobody can confirm it', async () => {
    await enrol();
    const [first = ''] = [...devices.keys()];
    const { code, stderr } = await enrol('--replace');
    expect([code, devices.get(first), devices.size]).toEqual([0, 'revoked', 2]);
    expect(stderr).toContain(`it can neither be confirmed nor sign: ${first}`);
  });

  it('enrols another at once where the one before was revoked', async () => {
    await enrol();
    for (const id of devices.keys()) devices.set(id, 'revoked');
    expect([(await enrol()).code, devices.size]).toEqual([0, 2]);
  });
});
