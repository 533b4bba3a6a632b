import { dynamoClient, sfnClient } from '../../shared/aws/clients.ts';
import { custodyLog } from '../../shared/aws/custody-log.ts';
import { grantStore } from '../../shared/aws/grant-store.ts';
import { stepFunctionsWorkflow } from '../../shared/aws/workflow.ts';
import { environment } from '../../shared/runtime/environment.ts';
import { reportBroken } from '../../shared/runtime/report-broken.ts';
import { stepHandler } from '../../shared/runtime/step-handler.ts';
import { keepGate, waitInputSchema } from './keep-gate.ts';

const env = environment('GRANTS_TABLE', 'EVENTS_TABLE');
const dynamo = dynamoClient();
const store = grantStore(env.GRANTS_TABLE, dynamo, custodyLog(env.EVENTS_TABLE, dynamo));
const workflow = stepFunctionsWorkflow(sfnClient());

export const handler = stepHandler(waitInputSchema, (input) =>
  keepGate(input, { store, workflow, broke: reportBroken }),
);
