import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { NOTICE_KINDS } from '../../shared/domain/notice.ts';
import { flat, rightsByRole, statements } from './support/policies.ts';
import { at, ofType, synthesise } from './support/synthesis.ts';

const { regions } = await synthesise({ local: false });
const operations = readFileSync(new URL('../../docs/operations.md', import.meta.url), 'utf8');

describe.each(regions)('the topic of notices in $region', (each) => {
  const { region, flow } = each;
  const topics = ofType(flow, 'AWS::SNS::Topic');
  const [id = '', topic] =
    topics.find(([, { Properties }]) => Properties['TopicName'] === `dualkey-${region}-notices`) ?? [];

  it('stands beside that of alarms, and subscribes nobody', () => {
    expect(topics.map(([, { Properties }]) => Properties['TopicName']).sort()).toEqual([
      `dualkey-${region}-alarms`,
      `dualkey-${region}-notices`,
    ]);
    expect(ofType(flow, 'AWS::SNS::Subscription')).toEqual([]);
  });

  it('is under a key of its own that reconcile alone may use, for this topic alone', () => {
    const keyId = flat(topic?.Properties['KmsMasterKeyId']);
    expect(keyId).toContain('NoticeTopicKey');
    const [, key] = ofType(flow, 'AWS::KMS::Key').find(([name]) => name.startsWith('NoticeTopicKey')) ?? [];
    const users = statements(key?.Properties['KeyPolicy']).filter(({ Action }) =>
      Action.some((action) => /^kms:(Decrypt|GenerateDataKey)/.test(action)),
    );
    expect(users).toHaveLength(1);
    expect(JSON.stringify(users[0]?.Condition)).toContain(`dualkey-${region}-reconcile`);
    const own = (rightsByRole(each).get('reconcile') ?? []).filter(({ Resource }) =>
      Resource.some((resource) => resource.includes('NoticeTopicKey')),
    );
    expect(own).toHaveLength(1);
    expect(flat(at(own[0]?.Condition, 'ArnEquals', 'kms:EncryptionContext:aws:sns:topicArn'))).toBe(
      `\${${id}}`,
    );
  });

  it('takes nothing over plain HTTP', () => {
    const policies = ofType(flow, 'AWS::SNS::TopicPolicy').filter(([, { Properties }]) =>
      flat(Properties['Topics']).includes(`\${${id}}`),
    );
    expect(policies).toHaveLength(1);
    expect(statements(policies[0]?.[1].Properties['PolicyDocument'])).toContainEqual(
      expect.objectContaining({ Effect: 'Deny', Condition: { Bool: { 'aws:SecureTransport': 'false' } } }),
    );
  });

  it('is published to by one role, which may publish nowhere else', () => {
    const publishing = [...rightsByRole(each)].flatMap(([role, all]) =>
      all.filter(({ Action }) => Action.includes('sns:Publish')).map(({ Resource }) => [role, ...Resource]),
    );
    expect(publishing).toEqual([['reconcile', `\${${id}}`]]);
  });
});

describe('docs/operations.md', () => {
  it.each(NOTICE_KINDS)('says to whom %s goes', (kind) => {
    expect(operations).toMatch(new RegExp(`^\\| \`${kind}\` \\| .+ \\| .+ \\|$`, 'm'));
  });
});
