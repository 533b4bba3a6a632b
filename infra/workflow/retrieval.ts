import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import {
  type Chain,
  Choice,
  Condition,
  Fail,
  type IChainable,
  IntegrationPattern,
  JitterType,
  JsonPath,
  Map as MapState,
  Succeed,
  TaskInput,
  type TaskStateBase,
  Timeout,
} from 'aws-cdk-lib/aws-stepfunctions';
import { LambdaInvoke } from 'aws-cdk-lib/aws-stepfunctions-tasks';
import { Duration } from 'aws-cdk-lib/core';
import type { Construct } from 'constructs';
import { LIMITS } from '../../shared/domain/limits.ts';
import type { RegionConfig } from '../../shared/domain/region-config.ts';
import { priorStates, type RequestState } from '../../shared/domain/request-states.ts';

/**
 * The retrieval, from a request to its archive. Every step re-reads the request's row and returns its state; the chain
 * branches on that alone, so that a token given back too early, twice or by mistake grants nothing: the chain waits
 * again. Whatever breaks goes to compensate, which leaves nothing readable.
 */
function chain(step: Steps): Chain {
  return step.check.next(
    step.checked
      .when(
        stateIn('awaiting-approval', 'provisioning'),
        step.collectApprovals.next(step.provision).next(
          step.provisioned
            .when(
              stateIn('open'),
              step.awaitEnd.next(step.archive).next(
                step.archived
                  .when(stateIn('open', 'requested', 'emergency'), step.awaitEnd) // given back too early
                  .otherwise(step.ended),
              ),
            )
            .when(stateIn(...priorStates('archive')), step.archive) // revoked meanwhile
            .when(stateIn('awaiting-approval'), step.collectApprovals) // given back too early
            .otherwise(step.ended), // denied, lapsed, withdrawn, refused on current facts
        ),
      )
      .when(stateIn('closed', 'revoked'), step.archive) // over before a check that was repeated came back
      .when(stateIn('requested', 'emergency'), step.awaitEnd) // break-glass: waits for its approver, or is in use
      .otherwise(step.ended), // refused by the rulebook
  );
}

export type RetrievalFunctions = Record<'check' | 'wait' | 'provision' | 'archive' | 'compensate', IFunction>;

/** Payloads carry ids and codes only; `version` lets executions in flight survive a deployment. */
const IDENTITY = { version: 1, requestId: JsonPath.stringAt('$.requestId') };

/** Every step is idempotent: a second run finds what the first one did. Timeouts are not retried, they are caught. */
const RETRY = {
  errors: ['States.TaskFailed'],
  interval: Duration.seconds(2),
  maxAttempts: 3,
  backoffRate: 2,
  jitterStrategy: JitterType.FULL,
};

/** Longer than any row's deadline, which reconcile executes: reached only when that has stood still for a day. */
const SAFETY_NET = Duration.hours(24);

/** The chain's definition for one region. */
export function retrieval(scope: Construct, run: RetrievalFunctions, config: RegionConfig): IChainable {
  const steps = buildSteps(scope, run, config);
  return chain(steps);
}

type Steps = ReturnType<typeof buildSteps>;

function buildSteps(scope: Construct, run: RetrievalFunctions, config: RegionConfig) {
  const failed = new Fail(scope, 'Failed', {
    comment: 'Cleared: nothing of this retrieval is readable',
    error: 'RetrievalFailed',
    cause: 'A step broke; compensate cleared the retrieval and recorded it',
  });
  const compensate = invoke(
    scope,
    'Compensate',
    run.compensate,
    'Leaves nothing readable, one event, state failed',
  );
  compensate.next(failed);

  const caught = { errors: ['States.ALL'], resultPath: JsonPath.DISCARD };
  const step = (id: string, lambda: IFunction, comment: string) =>
    invoke(scope, id, lambda, comment).addCatch(compensate, caught);

  const awaitApproval = waitAt(scope, 'AwaitApproval', run.wait, {
    comment: 'One role of the route: waits for a decision on the request',
    gate: JsonPath.format('approval:{}', JsonPath.stringAt('$.role')),
    timeout: Duration.hours(config.approvals.deadlineHours).plus(SAFETY_NET),
  });
  const collectApprovals = new MapState(scope, 'CollectApprovals', {
    comment: 'Every role of the route, side by side',
    itemsPath: '$.route',
    itemSelector: {
      version: 1,
      requestId: JsonPath.stringAt('$.requestId'),
      role: JsonPath.stringAt('$$.Map.Item.Value'),
    },
    resultPath: JsonPath.DISCARD,
  });
  // An inline Map and never a Parallel: the route is the request's own, and its length is not known here.
  collectApprovals.itemProcessor(awaitApproval);
  collectApprovals.addCatch(compensate, caught);

  const awaitEnd = waitAt(scope, 'AwaitEnd', run.wait, {
    comment: 'Open, or break-glass: waits until the grant is closed, revoked, expired or refused',
    gate: 'end',
    timeout: Duration.hours(LIMITS.windowHours).plus(SAFETY_NET),
  });
  awaitEnd.addCatch(compensate, caught);

  return {
    check: step('Check', run.check, 'Facts, rulebook, scope, route, request digest'),
    checked: new Choice(scope, 'Checked', { comment: 'Did the rulebook let it through?' }),
    collectApprovals,
    provision: step(
      'Provision',
      run.provision,
      'Re-reads approvals, re-checks everything, stages ciphertext',
    ),
    provisioned: new Choice(scope, 'Provisioned', { comment: 'Is there a grant to wait for?' }),
    awaitEnd,
    archive: step(
      'Archive',
      run.archive,
      'Seals the evidence, clears the delivery bucket, closes the register row',
    ),
    archived: new Choice(scope, 'Archived', { comment: 'Had the grant really ended?' }),
    ended: new Succeed(scope, 'Ended'),
  };
}

function stateIn(...states: readonly RequestState[]): Condition {
  const conditions = states.map((state) => Condition.stringEquals('$.state', state));
  const [only] = conditions;
  return conditions.length === 1 && only !== undefined ? only : Condition.or(...conditions);
}

function invoke(scope: Construct, id: string, lambda: IFunction, comment: string): TaskStateBase {
  return new LambdaInvoke(scope, id, {
    comment,
    lambdaFunction: lambda,
    payload: TaskInput.fromObject(IDENTITY),
    payloadResponseOnly: true,
    retryOnServiceExceptions: false,
    taskTimeout: Timeout.duration(Duration.minutes(15)),
  }).addRetry(RETRY);
}

function waitAt(
  scope: Construct,
  id: string,
  wait: IFunction,
  { comment, gate, timeout }: { comment: string; gate: string; timeout: Duration },
): TaskStateBase {
  return new LambdaInvoke(scope, id, {
    comment,
    lambdaFunction: wait,
    integrationPattern: IntegrationPattern.WAIT_FOR_TASK_TOKEN,
    payload: TaskInput.fromObject({ ...IDENTITY, gate, token: JsonPath.taskToken }),
    resultPath: JsonPath.DISCARD,
    retryOnServiceExceptions: false,
    // A literal: an expression here is refused by some implementations, and the real deadline is a row.
    taskTimeout: Timeout.duration(timeout),
  }).addRetry(RETRY);
}
