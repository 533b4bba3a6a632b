import { PutCommand } from '@aws-sdk/lib-dynamodb';
import { describe, expect, it } from '@jest/globals';
import { addPrint, endPrint, listPrints } from '../../../functions/print/keep-prints.ts';
import { custodyLog } from '../../../shared/aws/custody-log.ts';
import { grantStore } from '../../../shared/aws/grant-store.ts';
import { printStore } from '../../../shared/aws/print-store.ts';
import { requestKey } from '../../../shared/aws/request-key.ts';
import type { AccessGrant } from '../../../shared/domain/access-grant.ts';
import { faultInChain } from '../../../shared/domain/custody-event.ts';
import { regionConfig, regionFacts } from '../../../shared/runtime/region.ts';
import { inMemoryAws } from '../../fakes/in-memory-aws/in-memory-aws.ts';
import { inMemoryRequestKeys } from '../../fakes/in-memory-request-keys.ts';
import { inMemoryRuleSets } from '../../fakes/in-memory-rule-sets.ts';
import { clerk, lawyer, NOON, officer, opened, secondLawyer } from '../../shared/policy/staff.ts';

async function world(changes: Partial<AccessGrant> = {}) {
  const aws = inMemoryAws();
  const { dynamo } = aws.aProcess();
  const custody = custodyLog('events', dynamo);
  const grant = opened({ opened: 1, ...changes });
  await dynamo.send(
    new PutCommand({ TableName: 'grants', Item: { ...requestKey(grant.requestId), ...grant } }),
  );
  const keys = inMemoryRequestKeys();
  await keys.create('evidence', grant.requestId);
  const dependencies = {
    grants: grantStore('grants', dynamo, custody),
    prints: printStore('grants', dynamo, custody),
    keys,
    ruleSets: inMemoryRuleSets(),
    region: regionFacts(regionConfig('cn-north-1')),
  };
  const call = (actor = lawyer) => ({ requestId: grant.requestId, actor, now: NOON });
  return {
    register: () => aws.tables.rows('grants').filter((row) => row['printsOut'] !== undefined),
    events: () => custody.events(`prints/${grant.requestId}`),
    rows: () => JSON.stringify([aws.tables.rows('grants'), aws.tables.rows('events')]),
    add: (seal: string, actor = lawyer) => addPrint({ ...call(actor), seal }, dependencies),
    end: (number: number, ending: 'returned' | 'destroyed', actor = lawyer) =>
      endPrint({ ...call(actor), number, ending, reason: '王小明案结束' }, dependencies),
    list: (actor = lawyer) => listPrints(call(actor), dependencies),
  };
}

describe('prints of an opened copy (R13)', () => {
  it('are numbered in their order, with their seals, and the register says how many are out', async () => {
    const { add, list, register, events } = await world();
    expect((await add('S-001')).body).toMatchObject({ number: 1, seal: 'S-001', state: 'out' });
    expect((await add('S-002')).body).toMatchObject({ number: 2 });
    expect((await list(officer)).body).toMatchObject({ out: 2, prints: [{ number: 1 }, { number: 2 }] });
    expect(register()).toMatchObject([{ printsOut: { N: '2' } }]);
    const chain = await events();
    expect(chain.map(({ type, data }) => [type, data['number'], data['seal']])).toEqual([
      ['print-numbered', 1, 'S-001'],
      ['print-numbered', 2, 'S-002'],
    ]);
    expect(faultInChain(chain)).toBeNull();
  });

  it('stay visible once the request is archived, and their return is recorded then too', async () => {
    const { add, end, list, register } = await world({ state: 'archived' });
    await add('S-001');
    expect((await list(officer)).body).toMatchObject({ out: 1, prints: [{ number: 1, state: 'out' }] });
    expect((await end(1, 'returned', officer)).status).toBe(200);
    expect((await list(officer)).body).toMatchObject({ out: 0, prints: [{ state: 'returned' }] });
    expect(register()).toMatchObject([{ printsOut: { N: '0' } }]);
  });

  it('made at once have each a number of its own', async () => {
    const { add, list } = await world();
    const seals = ['S-1', 'S-2', 'S-3', 'S-4'];
    const answers = await Promise.all(seals.map((seal) => add(seal)));
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200, 200]);
    expect((await list()).body).toMatchObject({ out: 4 });
  });

  it('are returned or destroyed on record, once, with a reason that stands nowhere in the clear', async () => {
    const { add, end, list, register, rows } = await world();
    await add('S-001');
    await add('S-002');
    expect((await end(1, 'returned')).body).toMatchObject({ state: 'returned' });
    expect((await end(2, 'destroyed', officer)).body).toMatchObject({ state: 'destroyed' });
    expect((await end(1, 'destroyed', officer)).body).toMatchObject({
      verdict: { reasons: ['print-ended-already'] },
    });
    expect((await list(officer)).body).toMatchObject({
      out: 0,
      prints: [{ ended: { by: 'p_lawyer', reason: '王小明案结束' } }, {}],
    });
    expect(register()).toMatchObject([{ printsOut: { N: '0' } }]);
    expect(rows()).not.toContain('王小明');
  });

  it('bear a seal once', async () => {
    const { add } = await world();
    await add('S-001');
    expect(await add('S-001')).toMatchObject({
      status: 409,
      body: { verdict: { reasons: ['seal-used-already'] } },
    });
  });

  it('are made by the recipient alone, and seen by who may see the request', async () => {
    const { add, end, list } = await world();
    expect((await add('S-9', secondLawyer)).status).toBe(403);
    await add('S-001');
    expect((await end(1, 'returned', clerk)).status).toBe(403);
    expect((await end(7, 'returned')).status).toBe(404);
    expect((await list(clerk)).status).toBe(403);
  });
});
