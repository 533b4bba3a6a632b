import { GetCommand } from '@aws-sdk/lib-dynamodb';
import { describe, expect, it } from '@jest/globals';
import { custodyLog } from '../../../shared/aws/custody-log.ts';
import { providerStore } from '../../../shared/aws/provider-store.ts';
import { faultInChain } from '../../../shared/domain/custody-event.ts';
import type { NewProviderRequest, ProviderRequest } from '../../../shared/domain/provider-request.ts';
import { inMemoryAws } from '../../fakes/in-memory-aws/in-memory-aws.ts';

const at = new Date('2026-06-15T12:00:00.000Z');
const event = { at, actor: 'p_lawyer', data: {} };

function world() {
  const { dynamo } = inMemoryAws().aProcess();
  const custody = custodyLog('events', dynamo);
  return { dynamo, custody, providers: providerStore('grants', dynamo, custody) };
}

function draft(number: number, id = `prq_${number}`): NewProviderRequest {
  return {
    providerRequestId: id,
    requestId: 'req_1',
    number,
    letterNumber: `2026-1-P0${number}`,
    platform: 'ctrip',
    hotels: ['SHA01'],
    categories: [],
    dueDays: 14,
    provider: 'sealed',
    address: null,
    replyTo: null,
    drafted: { by: 'p_lawyer', at: at.toISOString() },
    letters: [],
    answerBy: '2026-06-29T15:59:59.999Z',
    sent: null,
    overdueSince: null,
    refusal: null,
    withdrawal: null,
    answers: [],
  };
}

async function created({ providers }: ReturnType<typeof world>, number = 1): Promise<ProviderRequest> {
  const row = await providers.create(draft(number), event);
  if (row === 'number-taken') throw new Error('The number is taken');
  return row;
}

describe('the store of provider requests', () => {
  it('gives each number of a request once', async () => {
    const all = world();
    await created(all, 1);
    expect(await all.providers.create(draft(1, 'prq_other'), event)).toBe('number-taken');
    expect(await all.providers.read('prq_other')).toBeNull();
    await created(all, 2);
    expect((await all.providers.ofRequest('req_1')).map(({ number }) => number)).toEqual([1, 2]);
    expect(await all.providers.ofRequest('req_2')).toEqual([]);
  });

  it('moves what was read and nothing else, from a valid state alone', async () => {
    const all = world();
    const row = await created(all);
    expect(await all.providers.move(row, 'answer', {}, event)).toEqual({ outcome: 'stale' });
    const sent = await all.providers.move(row, 'send', {}, event);
    expect(sent).toMatchObject({ outcome: 'moved', row: { state: 'sent', version: 2 } });
    expect(await all.providers.move(row, 'withdraw', {}, event)).toEqual({ outcome: 'stale' });
    expect(await all.providers.read('prq_1')).toMatchObject({ state: 'sent' });
  });

  it('writes one event for each change, in one chain that the row ends', async () => {
    const all = world();
    const first = await all.providers.move(await created(all), 'issue', {}, event);
    if (first.outcome === 'moved') await all.providers.move(first.row, 'send', {}, event);
    const events = await all.custody.events('provider/prq_1');
    expect(events.map(({ type }) => type)).toEqual([
      'provider-request-drafted',
      'provider-letter-issued',
      'provider-request-sent',
    ]);
    expect(faultInChain(events)).toBeNull();
    expect((await all.providers.read('prq_1'))?.chain.digest).toBe(events.at(-1)?.digest);
  });

  it('has in the index what was sent, by its date, until it is settled', async () => {
    const all = world();
    const due = async () => {
      const { Item } = await all.dynamo.send(
        new GetCommand({ TableName: 'grants', Key: { pk: 'PROVIDER#prq_1', sk: 'PROVIDER' } }),
      );
      return { due: Item?.['due'], dueAt: Item?.['dueAt'] };
    };
    const row = await created(all);
    expect(await due()).toEqual({ due: undefined, dueAt: undefined });
    const sent = await all.providers.move(row, 'send', {}, event);
    expect(await due()).toEqual({ due: 'provider', dueAt: row.answerBy });
    if (sent.outcome === 'moved') await all.providers.move(sent.row, 'fall-overdue', {}, event);
    expect(await due()).toEqual({ due: undefined, dueAt: undefined });
  });
});
