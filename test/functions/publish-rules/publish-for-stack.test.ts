import { createServer, type Server } from 'node:http';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { type StackEvent, stackEventSchema } from '../../../functions/publish-rules/answer-stack.ts';
import { publishForStack } from '../../../functions/publish-rules/publish-for-stack.ts';
import { bundledRuleSet } from '../../../shared/policy/rule-set.ts';
import { RuleSetInvalidError } from '../../../shared/policy/rule-set-invalid-error.ts';
import type { PublishedRuleSet } from '../../../shared/ports/rule-sets.ts';

/** What CloudFormation is told, as its address for answers receives it. */
type Answer = { method: string | undefined; contentType: string | undefined; body: Record<string, unknown> };

let server: Server;
let answers: Answer[];
let failFirst: number;

beforeEach(async () => {
  answers = [];
  failFirst = 0;
  server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk) => chunks.push(Buffer.from(chunk)));
    request.on('end', () => {
      if (failFirst > 0) {
        failFirst -= 1;
        response.writeHead(503).end();
        return;
      }
      answers.push({
        method: request.method,
        contentType: request.headers['content-type'],
        body: JSON.parse(Buffer.concat(chunks).toString('utf8')),
      });
      response.writeHead(200).end();
    });
  });
  await new Promise<void>((ready) => {
    server.listen(0, '127.0.0.1', ready);
  });
});

afterEach(async () => {
  await new Promise((closed) => server.close(closed));
});

function event(type: StackEvent['RequestType']): StackEvent {
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('the server listens on a port');
  return stackEventSchema.parse({
    RequestType: type,
    ResponseURL: `http://127.0.0.1:${address.port}/answer?signature=x`,
    StackId: 'stack',
    RequestId: 'request',
    LogicalResourceId: 'RuleSet',
    ResourceProperties: { ServiceToken: 'x' },
  });
}

const published: PublishedRuleSet[] = [];
beforeEach(() => {
  published.length = 0;
});
const dependencies = {
  bundled: () => bundledRuleSet(),
  publish: async (ruleSet: PublishedRuleSet) => {
    published.push(ruleSet);
    return 'published' as const;
  },
};

describe('publishing with the stack', () => {
  for (const type of ['Create', 'Update'] as const) {
    it(`publishes the bundled rule set on ${type}, and tells the stack its digest`, async () => {
      await publishForStack(event(type), dependencies);
      expect(published.map(({ digest }) => digest)).toEqual([bundledRuleSet().digest]);
      expect(answers).toEqual([
        {
          method: 'PUT',
          // The address is signed without one.
          contentType: undefined,
          body: {
            Status: 'SUCCESS',
            Data: { RuleSet: bundledRuleSet().digest },
            PhysicalResourceId: 'rule-set',
            StackId: 'stack',
            RequestId: 'request',
            LogicalResourceId: 'RuleSet',
          },
        },
      ]);
    });
  }

  it('takes nothing back when the stack is deleted', async () => {
    await publishForStack(event('Delete'), dependencies);
    expect(published).toEqual([]);
    expect(answers.map(({ body }) => body['Status'])).toEqual(['SUCCESS']);
  });

  it('fails the deployment with file, line and reason where the rule set is invalid', async () => {
    const bundled = () => {
      throw new RuleSetInvalidError('chain/own.cedar', 7, {
        zh: '编号 A1 重复使用',
        en: 'id A1 is used twice',
      });
    };
    await publishForStack(event('Update'), { ...dependencies, bundled });
    expect(published).toEqual([]);
    expect(answers.map(({ body }) => [body['Status'], body['Reason']])).toEqual([
      ['FAILED', 'chain/own.cedar:7: 编号 A1 重复使用 id A1 is used twice'],
    ]);
  });

  it('fails the deployment where publishing breaks', async () => {
    const publish = () => Promise.reject(new Error('no such bucket'));
    await publishForStack(event('Create'), { ...dependencies, publish });
    expect(answers.map(({ body }) => body['Status'])).toEqual(['FAILED']);
  });

  it('answers again where the address was not there at once', async () => {
    failFirst = 1;
    await publishForStack(event('Delete'), dependencies);
    expect(answers.length).toBe(1);
  });
});
