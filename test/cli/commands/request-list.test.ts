import { createServer, type Server } from 'node:http';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { z } from 'zod';
import { runDualkey } from '../run-dualkey.ts';

const NEXT = '2026-06-01T04:00:00.000Z#req_1';
const LISTED = {
  requestId: 'req_1',
  state: 'archived',
  requestedAt: '2026-06-01T04:00:00.000Z',
  requester: 'p_1',
  purpose: 'dispute',
  matter: 'M-2026-014',
  ticket: null,
  hotels: ['SHA01'],
  scope: { conversations: 2, records: 9 },
  deadline: null,
  awaitsYou: false,
};

describe('request list', () => {
  let server: Server;
  let environment: Record<string, string>;
  const asked: string[] = [];

  beforeAll(async () => {
    server = createServer(({ url }, response) => {
      asked.push(url ?? '');
      const page = url === '/requests?hotel=SHA01&year=2026';
      response.writeHead(200, { 'content-type': 'application/json' });
      response.end(JSON.stringify(page ? { requests: [LISTED], next: NEXT } : { requests: [], next: null }));
    });
    await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
    const { port } = z.object({ port: z.number() }).parse(server.address());
    environment = { DUALKEY_TOKEN: 'a.b.c', DUALKEY_API_URL: `http://127.0.0.1:${port}` };
  });
  afterAll(async () => {
    await new Promise((closed) => server.close(closed));
  });

  const said = async (...options: string[]) =>
    (await runDualkey(['request', 'list', ...options], environment)).stdout;

  it('says of an empty list what it would hold, and how a hotel’s register is seen', async () => {
    const text = await said();
    for (const words of [
      '没有您本人的申请,也没有待您审批的申请',
      'none of yours, and none that awaits you',
      '--hotel SHA01',
    ])
      expect(text).toContain(words);
  });

  it('gives a hotel’s register a page at a time, and says where the next begins', async () => {
    const text = await said('--hotel', 'SHA01', '--year', '2026');
    expect(text).toContain('req_1');
    expect(text).toContain(`--before '${NEXT}'`);
    expect(await said('--hotel', 'SHA01', '--before', NEXT)).toContain('nothing that you may see');
    const { searchParams } = new URL(asked.at(-1) ?? '', 'http://localhost');
    expect(Object.fromEntries(searchParams)).toEqual({ hotel: 'SHA01', before: NEXT });
  });
});
