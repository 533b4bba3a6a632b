import { DescribeContinuousBackupsCommand, DescribeTableCommand } from '@aws-sdk/client-dynamodb';
import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import type { Backups } from '../ports/backups.ts';

/** What DynamoDB keeps where the recovery period isn't stated. Source: DynamoDB developer guide, "Point-in-time recovery". */
const DEFAULT_RECOVERY_DAYS = 35;

/** The backup check of a table: its point-in-time recovery, its stream, its replicas. */
export function tableBackups(table: string, dynamo: DynamoDBDocumentClient): Backups {
  return {
    async ofKeyTable() {
      const [{ ContinuousBackupsDescription: backups }, { Table: described }] = await Promise.all([
        dynamo.send(new DescribeContinuousBackupsCommand({ TableName: table })),
        dynamo.send(new DescribeTableCommand({ TableName: table })),
      ]);
      const recovery = backups?.PointInTimeRecoveryDescription;
      const recovers = recovery?.PointInTimeRecoveryStatus === 'ENABLED';
      return {
        recoveryDays: recovers ? (recovery.RecoveryPeriodInDays ?? DEFAULT_RECOVERY_DAYS) : 0,
        copies:
          described?.StreamSpecification?.StreamEnabled === true || (described?.Replicas ?? []).length > 0,
      };
    },
  };
}
