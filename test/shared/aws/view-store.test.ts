import { GetCommand } from '@aws-sdk/lib-dynamodb';
import { describe, expect, it } from '@jest/globals';
import { custodyLog } from '../../../shared/aws/custody-log.ts';
import { ViewIdTakenError, viewStore } from '../../../shared/aws/view-store.ts';
import { faultInChain } from '../../../shared/domain/custody-event.ts';
import type { ShownView } from '../../../shared/domain/shown-view.ts';
import { inMemoryAws } from '../../fakes/in-memory-aws/in-memory-aws.ts';

const at = new Date('2026-06-15T12:00:00.000Z');
const event = { at, actor: 'p_desk', data: { records: 2 } };
const view = (viewId: string): ShownView => ({
  ...{ viewId, viewer: 'p_desk', role: 'front-desk', hotel: 'SHA01', kind: 'guest' },
  ...{ guests: ['gst_1'], recordIds: ['a', 'b'], from: null, to: null },
  ...{ at: at.toISOString(), openUntil: at.toISOString() },
});

function world() {
  const { dynamo } = inMemoryAws().aProcess();
  const custody = custodyLog('events', dynamo);
  const counted = async (day: string) => {
    const key = { pk: 'VIEWS#p_desk', sk: day };
    return (await dynamo.send(new GetCommand({ TableName: 'grants', Key: key }))).Item;
  };
  return { custody, counted, views: viewStore('grants', dynamo, custody) };
}

describe('the store of routine views', () => {
  it('keeps each with its event and the count of its day, however many come at once', async () => {
    const { custody, counted, views } = world();
    const ids = Array.from({ length: 5 }, (_, index) => `view_${index}`);
    await Promise.all(ids.map((id) => views.record(view(id), '2026-06-15', event)));
    await views.record(view('view_next'), '2026-06-16', event);
    const events = await custody.events('views/p_desk');
    expect(faultInChain(events)).toBeNull();
    expect(events.map(({ type }) => type)).toEqual(Array.from({ length: 6 }, () => 'view-shown'));
    expect(await counted('2026-06-15')).toMatchObject({ views: 5, records: 10 });
    expect(await counted('2026-06-16')).toMatchObject({ views: 1, records: 2 });
    expect(await views.read('view_3')).toEqual(view('view_3'));
  });

  it('writes nothing of a view whose id is taken, and knows of no other', async () => {
    const { custody, counted, views } = world();
    await views.record(view('view_1'), '2026-06-15', event);
    await expect(views.record(view('view_1'), '2026-06-15', event)).rejects.toThrow(ViewIdTakenError);
    expect(await counted('2026-06-15')).toMatchObject({ views: 1 });
    expect(await custody.events('views/p_desk')).toHaveLength(1);
    expect(await views.read('view_2')).toBeNull();
  });
});
