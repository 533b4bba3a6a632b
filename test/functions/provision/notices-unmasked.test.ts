import { describe, expect, it } from '@jest/globals';
import type { Batch } from '../../../shared/domain/batch.ts';
import type { Identifier } from '../../../shared/domain/record.ts';
import { type FoundRecord, stageRecords } from '../../../shared/package/staged-records.ts';
import { ingestWorld } from '../ingest/ingest-world.ts';

const AGES = { from: new Date(0), to: new Date('9999-01-01T00:00:00Z') };

async function maskedOf(file: string, changes: Partial<Batch>, subject: Identifier) {
  const world = ingestWorld();
  const batchId = await world.upload(file, changes);
  expect(await world.run(batchId)).toMatchObject({ outcome: 'committed', error: null });
  const found: FoundRecord[] = [];
  for (const guestId of await world.guestsOf(subject)) {
    for (const block of await world.reader.records.blocksOf(guestId, AGES.from, AGES.to)) {
      for (const record of await world.opened(block)) found.push({ record, block, commitment: '' });
    }
  }
  return stageRecords(found, 'masked');
}

describe('a platform’s own notice', () => {
  it('is shown whole where it says times and ids of the platform: Salesforce', async () => {
    const transcript = {
      ...{ Id: '5701t000000AbCdAAK', ContactId: '0031t00000QwErTAAV', CaseId: '5001t000001XyZaAAK' },
      ...{ LiveChatVisitorId: '5711t000000ZzZzAAC', OwnerId: '0051t000001AgEnTAA', Status: 'Completed' },
      ...{ ChatKey: '3c2b5a90-1b2c-4d5e-9f00-1234567890ab', StartTime: '2026-05-08T09:00:00.000+0000' },
      Body: '<p align="center">Chat Started: Friday, May 08, 2026, 09:00:00 (+0000)</p><p align="center">Agent Lily</p>( 5s ) Lily: Hello<br>',
    };
    const lines = await maskedOf(
      JSON.stringify({ records: [transcript] }),
      { source: 'crm-salesforce' },
      { kind: 'crm', value: transcript.ContactId, issuer: 'crm-salesforce' },
    );
    expect(lines.map(({ text }) => text)).toEqual([
      '[聊天记录 chat transcript]\nStartTime: 2026-05-08T09:00:00.000Z\nStatus: Completed',
      'Chat Started: 2026-05-08T09:00:00.000Z',
      'Agent Lily',
      'Hello',
    ]);
    expect(lines.flatMap(({ redactions }) => redactions)).toEqual([]);
  });

  it('is shown whole where it says who agreed when, without the account: WeCom', async () => {
    const guest = 'wmUser4Guest01AAAAAAAAAAAAA';
    const agreed = {
      ...{ msgid: 'm1', action: 'send', from: guest, tolist: ['frontdesk'], roomid: '', msgtype: 'agree' },
      ...{ msgtime: 1_779_000_000_000, agree: { userid: guest, agree_time: 1_779_000_000_000 } },
    };
    const [line] = await maskedOf(JSON.stringify(agreed), {}, { kind: 'wecom', value: guest });
    expect(line?.text).toMatch(/^\[同意会话存档 agreed to archiving\] 2026-05-17[ T]06:40:00/);
    expect(line?.redactions).toEqual([{ kind: 'guest-name', count: 1 }]);
  });
});
