import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { describe, expect, it } from '@jest/globals';
import { RuleSetAlteredError, RuleSetMissingError, ruleSets } from '../../../shared/aws/rule-sets.ts';
import { canonicalJson } from '../../../shared/domain/canonical-json.ts';
import { bundledRuleSet } from '../../../shared/policy/rule-set.ts';
import { inMemoryObjectStore } from '../../fakes/in-memory-object-store.ts';

const { digest, document } = bundledRuleSet();
const KEY = `rule-sets/${digest.replace('sha256:', '')}.json`;
// Rule sets by digest need no table: a call would have nowhere to go.
const dynamo = DynamoDBDocumentClient.from(new DynamoDBClient({ region: 'cn-north-1' }));

async function withObject(text: string) {
  const evidence = inMemoryObjectStore();
  await evidence.put(KEY, Buffer.from(text));
  return { evidence, sets: ruleSets('cases', dynamo, evidence) };
}

describe('a published rule set', () => {
  it('comes back whole by its digest, and is read once', async () => {
    const { evidence, sets } = await withObject(canonicalJson(document));
    const first = await sets.byDigest(digest);
    expect(first).toEqual({ digest, document });
    await evidence.delete(KEY);
    expect(await sets.byDigest(digest)).toBe(first);
  });

  it('is refused where the object is not what its name says', async () => {
    const changed = { ...document, policies: document.policies.slice(1) };
    for (const text of [canonicalJson(changed), 'not JSON', '{}']) {
      const { sets } = await withObject(text);
      await expect(sets.byDigest(digest)).rejects.toThrow(RuleSetAlteredError);
    }
  });

  it('is missing by name', async () => {
    const sets = ruleSets('cases', dynamo, inMemoryObjectStore());
    await expect(sets.byDigest(digest)).rejects.toThrow(RuleSetMissingError);
    await expect(sets.byDigest('current')).rejects.toThrow(RuleSetMissingError);
  });
});
