import { describe, expect, it } from '@jest/globals';
import { addBodySchema, rotateBodySchema } from '../../../functions/channels/channel-body.ts';
import {
  addChannel,
  listChannels,
  removeChannel,
  rotateChannel,
} from '../../../functions/channels/keep-channels.ts';
import { readUnreadAgain } from '../../../functions/channels/read-unread-again.ts';
import type { Person } from '../../../shared/domain/person.ts';
import { hotelsOfEveryRegion, regionConfig, regionFacts } from '../../../shared/runtime/region.ts';
import { lawyer } from '../../shared/policy/staff.ts';
import { gatherWorld } from '../gather/gather-world.ts';

const KEEPER: Person = {
  ...lawyer,
  personId: 'p_it',
  roles: [{ role: 'it-ops', hotels: ['SHA01'], grantedBy: 'p_hr', since: '2026-01-01' }],
};
const PLACE = { channel: 'line', account: 'U1' } as const;
const NOW = new Date('2026-06-01T00:00:00Z');

function world() {
  const own = gatherWorld();
  const dependencies = {
    channels: own.reader.channels,
    secrets: own.reader.secrets,
    region: regionFacts(regionConfig('cn-north-1')),
    chain: hotelsOfEveryRegion(),
  };
  return {
    own,
    dependencies,
    add: (changes: object = {}, person = KEEPER) =>
      addChannel(
        {
          person,
          body: addBodySchema.parse({
            ...PLACE,
            hotel: 'SHA01',
            secrets: { channelSecret: 'the secret' },
            ...changes,
          }),
          now: NOW,
        },
        dependencies,
      ),
    rotate: (changes: object, person = KEEPER) =>
      rotateChannel(
        { person, body: rotateBodySchema.parse({ ...PLACE, ...changes }), now: NOW },
        dependencies,
      ),
  };
}

describe('channels', () => {
  it('are added by it-ops of the hotel, shown without a secret, each change an event', async () => {
    const { own, add, rotate, dependencies } = world();
    expect(await add()).toMatchObject({
      status: 200,
      body: { path: '/push/line/U1', versions: [{ version: 1 }] },
    });
    expect(await add()).toMatchObject({ status: 400, body: { error: { where: 'body.account' } } });
    expect(await rotate({ secrets: { channelSecret: 'the second' } })).toMatchObject({
      body: { versions: [{ version: 2 }, { version: 1 }] },
    });
    expect(await rotate({ secrets: { channelSecret: 'the third' } })).toMatchObject({
      body: { versions: [{ version: 3 }, { version: 2 }] },
    });
    expect(await rotate({ finish: true })).toMatchObject({ body: { versions: [{ version: 3 }] } });
    const listed = await listChannels(KEEPER, dependencies);
    expect(listed).toMatchObject({ status: 200, body: { channels: [{ account: 'U1' }] } });
    expect(JSON.stringify(listed)).not.toContain('the third');
    expect(await removeChannel({ person: KEEPER, body: PLACE, now: NOW }, dependencies)).toMatchObject({
      body: { state: 'removed' },
    });
    expect(await rotate({ finish: true })).toMatchObject({ status: 404 });
    const events = await own.events('line', 'U1');
    expect(events.map(({ type }) => type)).toEqual([
      'channel-added',
      'channel-rotated',
      'channel-rotated',
      'channel-rotated',
      'channel-removed',
    ]);
    expect(JSON.stringify(events)).not.toContain('the secret');
  });

  it('are nobody else’s to add, change or see', async () => {
    const { add, rotate, dependencies } = world();
    await add();
    const refusal = { status: 403, body: { verdict: { reasons: ['role-may-not-keep-channels'] } } };
    expect(await add({ account: 'U2' }, lawyer)).toMatchObject(refusal);
    expect(await rotate({ finish: true }, lawyer)).toMatchObject(refusal);
    expect(await listChannels(lawyer, dependencies)).toMatchObject(refusal);
    const elsewhere: Person = {
      ...KEEPER,
      roles: [{ role: 'it-ops', hotels: ['HGH02'], grantedBy: 'p_hr', since: '2026-01-01' }],
    };
    expect(await rotate({ finish: true }, elsewhere)).toMatchObject({ status: 403 });
    expect(await listChannels(elsewhere, dependencies)).toMatchObject({ body: { channels: [] } });
    expect(await add({ hotel: 'FRA01' })).toMatchObject({
      status: 403,
      body: { verdict: { rules: ['A3'] } },
    });
  });

  it('have pushes that could not be read tried again for it-ops of the hotel alone, each time an event', async () => {
    const { own, dependencies } = world();
    const begun: string[] = [];
    const again = (hotel: string, person = KEEPER) =>
      readUnreadAgain(
        { person, hotel, now: NOW },
        { ...dependencies, custody: own.reader.custody, begin: async (one) => void begun.push(one) },
      );
    expect(await again('SHA01')).toMatchObject({ status: 202, body: { hotel: 'SHA01', state: 'started' } });
    expect(await again('SHA01', lawyer)).toMatchObject({
      status: 403,
      body: { verdict: { reasons: ['role-may-not-keep-channels'] } },
    });
    expect(await again('FRA01')).toMatchObject({ status: 403, body: { verdict: { rules: ['A3'] } } });
    expect(await again('NOWHERE')).toMatchObject({ status: 400, body: { error: { where: 'body.hotel' } } });
    expect(begun).toEqual(['SHA01']);
    expect(await own.reader.custody.events('channel/unread/SHA01')).toMatchObject([
      { type: 'pushes-read-again', actor: 'p_it', data: { hotel: 'SHA01' } },
    ]);
  });

  it('say what their secrets lack, and never what they are', async () => {
    const { add } = world();
    const answer = await add({ channel: 'whatsapp', secrets: { appSecret: 'a secret word' } });
    expect(answer).toMatchObject({ status: 400, body: { error: { where: 'body.secrets.verifyToken' } } });
    expect(JSON.stringify(answer)).not.toContain('a secret word');
    const misnamed = await add({ channel: 'line', secrets: { 'a secret word': 'x' } });
    expect(misnamed).toMatchObject({ status: 400 });
    expect(JSON.stringify(misnamed)).not.toContain('a secret word');
  });
});
