import { describe, expect, it } from '@jest/globals';
import { decisionOnAws } from '../../fakes/decision-on-aws.ts';
import { revokeDevice } from '../../fakes/revoke-device.ts';
import { officer } from '../../shared/policy/staff.ts';

describe('a decision whose device is revoked between its check and its write', () => {
  it.each(['approve', 'deny'] as const)(
    'to %s is refused: the row and its event rest on the device (A6)',
    async (decision) => {
      let revoked = 0;
      const world = await decisionOnAws((operation, aws) => {
        if (operation !== 'dynamodb.TransactWriteItems' || revoked > 0) return;
        revoked += 1;
        revokeDevice(aws, officer.personId, world.deviceOf(officer).credentialId);
      });
      expect(await world.decide(officer, decision)).toMatchObject({
        status: 403,
        answer: { verdict: { reasons: ['device-revoked'] } },
      });
      expect(revoked).toBe(1);
      const written = JSON.stringify(world.tables.rows('grants'));
      expect(written).toContain('awaiting-approval');
      expect(written).not.toContain('reasonCommitment');
      expect(JSON.stringify(world.tables.rows('events'))).not.toMatch(/request-(approved|denied)/);
    },
  );
});
