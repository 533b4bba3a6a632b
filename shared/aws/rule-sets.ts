import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { z } from 'zod';
import { canonicalJson } from '../domain/canonical-json.ts';
import { type Digest, digestOf, isDigest } from '../domain/digest.ts';
import { ruleSetDocumentSchema } from '../domain/rule-set-document.ts';
import type { ObjectStore } from '../ports/objects.ts';
import type { PublishedRuleSet, RuleSets } from '../ports/rule-sets.ts';
import type { CustodyLog } from './custody-log.ts';
import { tableReader } from './table-reader.ts';

/** No rule set is in force, or the one that a request pinned is not where it was published. */
export class RuleSetMissingError extends Error {
  override name = 'RuleSetMissingError';
}

/** A rule set object is not what its name says. */
export class RuleSetAlteredError extends Error {
  override name = 'RuleSetAlteredError';
}

/** Two publications at once: the pointer moved while this one was deciding. */
export class RuleSetPointerMovedError extends Error {
  override name = 'RuleSetPointerMovedError';
}

/** Which rule set is in force. */
export const RULES_POINTER = { pk: 'RULES', sk: 'CURRENT' } as const;
const pointerSchema = z.object({ digest: z.string().refine(isDigest) });

/** Rule sets by digest in the evidence bucket; the pointer to the one in force is a row of the cases table. */
export function ruleSets(
  casesTable: string,
  dynamo: DynamoDBDocumentClient,
  evidence: ObjectStore,
): RuleSets {
  // An object never changes under its digest, so that a copy never goes stale.
  const known = new Map<Digest, PublishedRuleSet>();

  async function byDigest(digest: string): Promise<PublishedRuleSet> {
    if (!isDigest(digest)) throw new RuleSetMissingError(`"${digest}" is no rule set's digest`);
    const cached = known.get(digest);
    if (cached) return cached;
    const bytes = await evidence.get(objectKey(digest));
    if (bytes === null) throw new RuleSetMissingError(`Rule set ${digest} is not in the evidence bucket`);
    const published = { digest, document: verified(digest, bytes) };
    known.set(digest, published);
    return published;
  }

  async function current(): Promise<PublishedRuleSet> {
    const digest = await pointer(casesTable, dynamo);
    if (digest === null) throw new RuleSetMissingError('No rule set is in force: none was published');
    return byDigest(digest);
  }

  return { current, byDigest };
}

/**
 * Puts a rule set into the evidence bucket and then, in one transaction with its event, moves the pointer to it.
 * Publishing the one in force again changes nothing.
 */
export async function publishRuleSet(
  { digest, document }: PublishedRuleSet,
  at: Date,
  store: { casesTable: string; dynamo: DynamoDBDocumentClient; evidence: ObjectStore; custody: CustodyLog },
): Promise<'published' | 'in force'> {
  const { casesTable, dynamo, evidence, custody } = store;
  await evidence.putOnce(objectKey(digest), Buffer.from(canonicalJson(document)), {
    contentType: 'application/json',
  });
  const previous = await pointer(casesTable, dynamo);
  if (previous === digest) return 'in force';
  const outcome = await custody.record(
    'rules',
    'rule-set-published',
    { at, actor: 'function:publish-rules', data: { ruleSet: digest, previous } },
    [
      {
        Put: {
          TableName: casesTable,
          Item: { ...RULES_POINTER, digest },
          ...(previous === null
            ? { ConditionExpression: 'attribute_not_exists(pk)' }
            : {
                ConditionExpression: 'digest = :previous',
                ExpressionAttributeValues: { ':previous': previous },
              }),
        },
      },
    ],
  );
  if (outcome === 'row-changed') {
    throw new RuleSetPointerMovedError('Another rule set came into force meanwhile; publish again');
  }
  return 'published';
}

function objectKey(digest: Digest): string {
  return `rule-sets/${digest.slice('sha256:'.length)}.json`;
}

async function pointer(casesTable: string, dynamo: DynamoDBDocumentClient): Promise<Digest | null> {
  const item = await tableReader(casesTable, dynamo).get(RULES_POINTER);
  return item === null ? null : pointerSchema.parse(item).digest;
}

function verified(digest: Digest, bytes: Uint8Array) {
  const parsed = ruleSetDocumentSchema.safeParse(json(bytes));
  if (!parsed.success || digestOf(parsed.data) !== digest) {
    throw new RuleSetAlteredError(`The object of rule set ${digest} is not the one that was published`);
  }
  return parsed.data;
}

function json(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(Buffer.from(bytes).toString('utf8'));
  } catch {
    return null;
  }
}
