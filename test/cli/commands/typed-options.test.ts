import { createServer, type Server } from 'node:http';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { z } from 'zod';
import { runDualkey } from '../run-dualkey.ts';

const RECORD = [
  'consent',
  'record',
  '--hotel',
  'SHA01',
  '--guest',
  'phone:+8613800138000',
  '--source',
  'keycard',
];
const REST = ['--state', 'maybe', '--at', '2026-06-01T00:00:00+08:00', '--reference', 'F-1'];

describe('what is wrong with an option', () => {
  let server: Server;
  let environment: Record<string, string> = {};
  beforeAll(async () => {
    const said = { what: 'w', remedy: 'r' };
    const verdict = { outcome: 'deny', reasons: ['person-decided-already'], rules: ['A1'], route: [] };
    server = createServer(({ url }, response) => {
      const isConsent = url === '/consents';
      response.writeHead(isConsent ? 400 : 403, { 'content-type': 'application/json' });
      const fault = { error: { where: 'body.facts.0.state', zh: said, en: said } };
      response.end(JSON.stringify(isConsent ? fault : { verdict }));
    });
    await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
    const { port } = z.object({ port: z.number() }).parse(server.address());
    environment = { DUALKEY_TOKEN: 'a.b.c', DUALKEY_API_URL: `http://127.0.0.1:${port}` };
  });
  afterAll(async () => {
    await new Promise((closed) => server.close(closed));
  });

  it('is said at the option that was typed, not at a place in what was sent', async () => {
    const { code, stderr } = await runDualkey([...RECORD, ...REST, '--lang', 'en'], environment);
    expect(code).toBe(2);
    expect(stderr).toContain('where: --state');
    expect(stderr).not.toContain('facts');
  });

  it('says how days are written, once', async () => {
    const zh = await runDualkey(['view', '--counts', 'abc', '--lang', 'zh'], environment);
    expect([zh.code, zh.stderr.includes('起日..止日')]).toEqual([2, true]);
    const en = await runDualkey(['view', '--counts', 'abc', '--lang', 'en'], environment);
    expect(en.stderr).toContain('write FROM..TO, such as 2026-05-01..2026-05-31, or one day alone');
    expect(en.stderr).toContain('where: --counts');
  });

  it('of an opening that is refused nothing is said to fetch it again', async () => {
    const { code, stdout, stderr } = await runDualkey(['open', 'req_1', '--lang', 'en'], environment);
    expect(code).toBe(1);
    expect(stdout).toContain('refused (A1)');
    expect(stderr).not.toContain('idempotency key');
  });
});
