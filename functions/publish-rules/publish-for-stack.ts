import type { PublishedRuleSet } from '../../shared/ports/rule-sets.ts';
import { logError } from '../../shared/runtime/log.ts';
import { answerStack, type StackEvent } from './answer-stack.ts';

/**
 * Publishes the bundled rule set when its stack is created or updated, and tells the stack. A rule set that is invalid
 * fails the deployment with file, line and reason, and what was in force stays in force. Deleting the stack takes
 * nothing back: requests and packages cite what was published.
 */
export async function publishForStack(
  event: StackEvent,
  {
    bundled,
    publish,
  }: { bundled(): PublishedRuleSet; publish(ruleSet: PublishedRuleSet): Promise<'published' | 'in force'> },
): Promise<void> {
  if (event.RequestType === 'Delete') return answerStack(event, { data: {} });
  let digest: string;
  try {
    const ruleSet = bundled();
    await publish(ruleSet);
    digest = ruleSet.digest;
  } catch (error) {
    logError(error);
    // Not thrown on: the platform would try again, and could bring into force what the stack was told has failed.
    return answerStack(event, { failure: error instanceof Error ? error.message : String(error) });
  }
  await answerStack(event, { data: { RuleSet: digest } });
}
