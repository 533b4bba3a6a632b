import { describe, expect, it } from '@jest/globals';
import { unlinkIdentifier } from '../../../functions/identity/unlink-identifier.ts';
import { custodyLog } from '../../../shared/aws/custody-log.ts';
import { identifierIndex } from '../../../shared/aws/identifier-index.ts';
import { indexKey } from '../../../shared/aws/index-key.ts';
import { recordsIndex } from '../../../shared/aws/records-index.ts';
import { blindIndexOf } from '../../../shared/crypto/blind-index.ts';
import type { Identifier } from '../../../shared/domain/record.ts';
import { regionConfig } from '../../../shared/runtime/region.ts';
import { inMemoryAws } from '../../fakes/in-memory-aws/in-memory-aws.ts';
import { plainRow } from '../../fakes/in-memory-aws/plain-row.ts';
import { inMemoryRuleSets } from '../../fakes/in-memory-rule-sets.ts';
import { lawyer, officer } from '../../shared/policy/staff.ts';

const now = new Date('2026-06-01T00:00:00.000Z');
const PHONE: Identifier = { kind: 'phone', value: '+86 138 0013 8000' };
const EMAIL: Identifier = { kind: 'email', value: 'wang@example.cn' };
const WECOM: Identifier = { kind: 'wecom', value: 'wmGuest' };
const event = { at: now, actor: 'function:ingest', batchId: 'bat_1', kinds: [] };

function world() {
  const aws = inMemoryAws();
  const { dynamo, kms } = aws.aProcess();
  const custody = custodyLog('events', dynamo);
  const keyOfIndex = indexKey('keys', dynamo, kms, 'index-key', () => now);
  const records = recordsIndex('records', dynamo);
  const identifiers = identifierIndex('records', dynamo, custody);
  async function indexOf(identifier: Identifier): Promise<string> {
    const index = blindIndexOf(await keyOfIndex.forIngest(), identifier, { hotel: 'SHA01', country: 'CN' });
    if (index === null) throw new Error('That is no identifier');
    return index;
  }
  return {
    /** What stands in a table. */
    rows: (table: string) => aws.tables.rows(table).map(plainRow),
    identifiers,
    indexOf,
    region: regionConfig('cn-north-1'),
    ruleSets: inMemoryRuleSets(),
    indexKey: keyOfIndex,
    /** A guest under these identifiers. */
    guest: async (guestId: string, ...own: Identifier[]) =>
      identifiers.create(guestId, await Promise.all(own.map(indexOf)), { identified: true, link: null }),
    found: async (identifier: Identifier) => records.guestsOf([await indexOf(identifier)]),
  };
}

function unlink(parts: ReturnType<typeof world>, identifier: Identifier, actor = officer) {
  return unlinkIdentifier({ actor, body: { hotel: 'SHA01', identifier, reference: 'T-1' }, now }, parts);
}

describe('taking an identifier apart', () => {
  it('leads it to another guest, with an event that names no identifier, and never joins the two again', async () => {
    const parts = world();
    await parts.guest('gst_1', PHONE, EMAIL);
    expect((await unlink(parts, PHONE)).body).toEqual({ unlinked: true });
    const [fresh = ''] = await parts.found(PHONE);
    expect(fresh).not.toBe('gst_1');
    expect(await parts.found(EMAIL)).toEqual(['gst_1']);
    const events = parts.rows('events');
    expect(events).toMatchObject([{ type: 'identifier-unlinked', data: { kind: 'phone', from: ['gst_1'] } }]);
    expect(JSON.stringify(events)).not.toContain('138');

    // The CRM says again that both are one person.
    expect(await parts.identifiers.link('gst_1', [], [fresh], event)).toBe('linked');
    expect(await parts.found(PHONE)).toEqual([fresh]);
    // Neither does it by way of somebody else.
    await parts.guest('gst_3', WECOM);
    expect(await parts.identifiers.link('gst_1', [], ['gst_3'], event)).toBe('linked');
    expect(await parts.identifiers.link('gst_3', [], [fresh], event)).toBe('linked');
    expect(await parts.found(WECOM)).toEqual(['gst_1', 'gst_3']);
    expect(await parts.found(PHONE)).toEqual([fresh]);
  });

  it('has a guest who has it alone leave those with whom it was joined', async () => {
    const parts = world();
    await parts.guest('gst_1', PHONE);
    await parts.guest('gst_2', EMAIL);
    await parts.guest('gst_3', WECOM);
    await parts.identifiers.link('gst_1', [], ['gst_2', 'gst_3'], event);
    expect(await parts.found(PHONE)).toEqual(['gst_1', 'gst_2', 'gst_3']);
    await unlink(parts, PHONE);
    expect(await parts.found(PHONE)).toEqual(['gst_1']);
    expect(await parts.found(EMAIL)).toEqual(['gst_2', 'gst_3']);
    expect((await unlink(parts, PHONE)).body).toEqual({ unlinked: false });
  });

  it('answers alike for somebody unknown and for a guest with nothing linked', async () => {
    const parts = world();
    await parts.guest('gst_1', PHONE);
    expect(await unlink(parts, EMAIL)).toEqual(await unlink(parts, PHONE));
    expect(parts.rows('events')).toEqual([]);
    const bad = await unlink(parts, { kind: 'phone', value: 'twelve' });
    expect(bad).toMatchObject({ status: 400, body: { error: { where: 'body.identifier.value' } } });
  });

  it('of a number that two systems gave takes nothing apart until the call says whose it is', async () => {
    const parts = world();
    const number = { kind: 'booking', value: '1234567' } as const;
    const [ours, theirs] = [
      { ...number, issuer: 'hotel' },
      { ...number, issuer: 'booking' },
    ];
    await parts.guest('gst_1', ours, PHONE);
    await parts.guest('gst_2', theirs, EMAIL);
    expect((await unlink(parts, number)).body).toEqual({ unlinked: false });
    expect((await unlink(parts, theirs)).body).toEqual({ unlinked: true });
    expect(await parts.found(theirs)).not.toEqual(['gst_2']);
    expect(await parts.found(ours)).toEqual(['gst_1']);
    // Where one system alone gave it, nothing has to be said.
    const other = world();
    await other.guest('gst_2', theirs, EMAIL);
    expect((await unlink(other, number)).body).toEqual({ unlinked: true });
  });

  it('is for the privacy officer of the hotel', async () => {
    expect((await unlink(world(), PHONE, lawyer)).body).toMatchObject({ verdict: { rules: ['T14'] } });
  });
});
