import { describe, expect, it } from '@jest/globals';
import { readRegions } from '../../infra/read-regions.ts';
import { LIMITS } from '../../shared/domain/limits.ts';
import { flat, statements } from './support/policies.ts';
import { at, ofType, one, REGIONS_FILE, synthesise, type Template } from './support/synthesis.ts';

const configs = new Map(readRegions(REGIONS_FILE).map((config) => [config.region, config]));
const { regions } = await synthesise({ local: false });
const each = regions.map(({ region, state, flow }) => ({ region, state, flow, config: configs.get(region) }));

function bucketPolicy(state: Template, bucket: string) {
  return statements(one(state, 'AWS::S3::BucketPolicy', bucket).Properties['PolicyDocument']);
}

describe.each(each)('what is kept in $region', ({ region, state, flow, config }) => {
  describe('keys', () => {
    it('rotates every symmetric key', () => {
      const keys = [...ofType(state, 'AWS::KMS::Key'), ...ofType(flow, 'AWS::KMS::Key')];
      const unrotated = keys
        .filter(([, { Properties }]) => Properties['KeySpec'] !== 'ECC_NIST_EDWARDS25519')
        .filter(([, { Properties }]) => Properties['EnableKeyRotation'] !== true)
        .map(([id]) => id);
      expect(keys).toHaveLength(8);
      expect(unrotated).toEqual([]);
    });

    it('signs with Ed25519', () => {
      const { Properties } = one(state, 'AWS::KMS::Key', 'SigningKey');
      expect(Properties).toMatchObject({ KeySpec: 'ECC_NIST_EDWARDS25519', KeyUsage: 'SIGN_VERIFY' });
    });

    it('waits thirty days before a key is deleted', () => {
      for (const [, { Properties }] of ofType(state, 'AWS::KMS::Key')) {
        expect(Properties['PendingWindowInDays']).toBe(30);
      }
    });

    it.each(['CustodyKey', 'IndexKey', 'GrantKey', 'SigningKey'])(
      'lets the account manage the %s without using it, and the named roles use it',
      (key) => {
        const policy = statements(one(state, 'AWS::KMS::Key', key).Properties['KeyPolicy']);
        const use = /^kms:(Encrypt|Decrypt|ReEncrypt|Generate|Sign|Verify|CreateGrant|GetPublicKey|\*)/;
        const using = policy
          .filter(({ Sid }) => Sid !== 'AdministeredByTheAccount')
          .filter(({ Action }) => Action.some((action) => use.test(action)));
        const administered = policy.find(({ Sid }) => Sid === 'AdministeredByTheAccount')?.Action ?? [];
        expect(administered.filter((action) => use.test(action))).toEqual(
          key === 'SigningKey' ? ['kms:GetPublicKey'] : [],
        );
        expect(using.length).toBeGreaterThan(0);
        for (const { Condition } of using) {
          const roles = Object.values(Condition['ArnEquals'] ?? {})
            .flat()
            .map(flat);
          expect(roles.length).toBeGreaterThan(0);
          for (const role of roles) expect(role).toMatch(new RegExp(`:role/dualkey-${region}-[a-z-]+$`));
        }
      },
    );

    it('names for each key exactly the roles that need it', () => {
      const users = (key: string) =>
        statements(one(state, 'AWS::KMS::Key', key).Properties['KeyPolicy'])
          .flatMap(({ Condition }) => Object.values(Condition['ArnEquals'] ?? {}).flat())
          .map((role) => flat(role).split(`dualkey-${region}-`)[1])
          .sort();
      expect(users('CustodyKey')).toEqual([
        ...['emergency', 'gather', 'hold', 'ingest', 'merge', 'provision', 'retain', 'view'],
      ]);
      expect(users('ChannelKey')).toEqual(['channels', 'gather', 'push']);
      expect(users('IndexKey')).toEqual([
        ...['case', 'check', 'consent', 'gather', 'hold', 'identity', 'ingest', 'staff', 'view'],
      ]);
      expect(users('GrantKey')).toEqual([
        ...[
          'approve',
          'archive',
          'check',
          'end',
          'print',
          'provider',
          'provision',
          'render',
          'request',
          'unlock',
        ],
      ]);
      expect(users('SigningKey')).toEqual(['archive', 'provider', 'render', 'retain']);
    });

    it('lets objects at rest be read by the roles that have to do with them, through S3 alone', () => {
      const through = statements(one(state, 'AWS::KMS::Key', 'StorageKey').Properties['KeyPolicy']).find(
        ({ Sid }) => Sid === 'ObjectsOfNamedRolesThroughS3',
      );
      expect(flat(through?.Condition['StringLike']?.['kms:ViaService'])).toMatch(
        /^s3\.\$\{AWS::Region\}\.\*$/,
      );
      const roles = Object.values(through?.Condition['ArnEquals'] ?? {}).flat();
      expect(roles.map((role) => flat(role).split(`dualkey-${region}-`)[1])).toEqual([
        ...['archive', 'compensate', 'emergency', 'end', 'gather', 'ingest', 'merge', 'open', 'provider'],
        ...['provision'],
        ...['reader', 'receive', 'reconcile', 'render', 'retain', 'staff', 'view'],
      ]);
    });
  });

  describe('tables', () => {
    const tables = ofType(state, 'AWS::DynamoDB::Table');

    it('encrypts each under the storage key, protects it from deletion, and can recover it', () => {
      expect(tables).toHaveLength(6);
      for (const [, { Properties }] of tables) {
        expect(Properties).toMatchObject({
          BillingMode: 'PAY_PER_REQUEST',
          DeletionProtectionEnabled: true,
          SSESpecification: { SSEEnabled: true, SSEType: 'KMS' },
          PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: true },
        });
        expect(flat(at(Properties, 'SSESpecification', 'KMSMasterKeyId'))).toMatch(/StorageKey/);
      }
    });

    it('lets nothing disappear by itself', () => {
      const expiring = tables.filter(
        ([, { Properties }]) => Properties['TimeToLiveSpecification'] !== undefined,
      );
      expect(expiring).toEqual([]);
    });

    it('keeps wrapped keys recoverable for no longer than the region says, with no stream and no copy', () => {
      const { Type, Properties } = one(state, 'AWS::DynamoDB::Table', 'Keys');
      expect(Type).toBe('AWS::DynamoDB::Table');
      expect(at(Properties, 'PointInTimeRecoverySpecification', 'RecoveryPeriodInDays')).toBe(
        config?.keyTableRecoveryDays,
      );
      expect(Properties['StreamSpecification']).toBeUndefined();
      expect(Properties['KinesisStreamSpecification']).toBeUndefined();
    });

    it('streams new images of grants and events', () => {
      for (const table of ['Grants', 'Events']) {
        const { Properties } = one(state, 'AWS::DynamoDB::Table', table);
        expect(Properties['StreamSpecification']).toEqual({ StreamViewType: 'NEW_IMAGE' });
      }
    });

    it('finds what is due, whose a request is, and what is not sequenced, by indexes that carry keys and ids only', () => {
      const indexes = tables.flatMap(([, { Properties }]) => {
        const list = Properties['GlobalSecondaryIndexes'];
        return Array.isArray(list) ? list : [];
      });
      expect(
        indexes.map((index) => [
          at(index, 'IndexName'),
          at(index, 'KeySchema', 0, 'AttributeName'),
          at(index, 'KeySchema', 1, 'AttributeName'),
          at(index, 'Projection', 'ProjectionType'),
          at(index, 'Projection', 'NonKeyAttributes'),
        ]),
      ).toEqual([
        ['due', 'due', 'dueAt', 'INCLUDE', ['requestId']],
        ['byRequester', 'requester', 'requestedAt', 'INCLUDE', ['requestId']],
        ['unsequenced', 'unsequenced', 'at', 'KEYS_ONLY', undefined],
      ]);
    });
  });

  describe('buckets', () => {
    const buckets = ofType(state, 'AWS::S3::Bucket');

    it('blocks public access to each', () => {
      expect(buckets).toHaveLength(4);
      for (const [, { Properties }] of buckets) {
        expect(Properties['PublicAccessBlockConfiguration']).toEqual({
          BlockPublicAcls: true,
          BlockPublicPolicy: true,
          IgnorePublicAcls: true,
          RestrictPublicBuckets: true,
        });
        expect(at(Properties, 'OwnershipControls', 'Rules', 0, 'ObjectOwnership')).toBe(
          'BucketOwnerEnforced',
        );
      }
    });

    it.each(['Inbox', 'Vault', 'Delivery'])('encrypts the %s under the storage key', (name) => {
      const { Properties } = one(state, 'AWS::S3::Bucket', name);
      const rule = at(Properties, 'BucketEncryption', 'ServerSideEncryptionConfiguration', 0);
      expect(at(rule, 'BucketKeyEnabled')).toBe(true);
      expect(at(rule, 'ServerSideEncryptionByDefault', 'SSEAlgorithm')).toBe('aws:kms');
      expect(flat(at(rule, 'ServerSideEncryptionByDefault', 'KMSMasterKeyID'))).toMatch(/StorageKey/);
    });

    it.each(['Inbox', 'Vault', 'Delivery', 'Evidence'])('refuses to serve the %s without TLS', (name) => {
      const denies = bucketPolicy(state, name).filter(({ Effect }) => Effect === 'Deny');
      expect(denies).toContainEqual(
        expect.objectContaining({
          Action: ['s3:*'],
          Condition: { Bool: { 'aws:SecureTransport': 'false' } },
        }),
      );
    });

    it.each(['Inbox', 'Vault', 'Delivery'])(
      'keeps no version of what is deleted from the %s, and no unfinished upload for more than a day',
      (name) => {
        const { Properties } = one(state, 'AWS::S3::Bucket', name);
        expect(Properties['VersioningConfiguration']).toBeUndefined();
        expect(at(Properties, 'LifecycleConfiguration', 'Rules')).toContainEqual(
          expect.objectContaining({
            AbortIncompleteMultipartUpload: { DaysAfterInitiation: 1 },
            Status: 'Enabled',
          }),
        );
      },
    );

    it('lets uploads, copies and staged records expire where the product failed to delete them', () => {
      const expiries = (name: string) =>
        Object.values(
          Object(at(one(state, 'AWS::S3::Bucket', name).Properties, 'LifecycleConfiguration', 'Rules')),
        )
          .filter((rule) => at(rule, 'ExpirationInDays') !== undefined)
          .map((rule) => [at(rule, 'Prefix'), at(rule, 'ExpirationInDays')]);
      expect(expiries('Inbox')).toEqual([[undefined, 1]]);
      expect(expiries('Delivery')).toEqual([
        ['copies/', 1],
        ['staged/', LIMITS.windowHours / 24 + 1],
      ]);
      expect(expiries('Vault')).toEqual([]);
    });

    it('announces uploads to EventBridge without a function that has rights on every bucket', () => {
      const { Properties } = one(state, 'AWS::S3::Bucket', 'Inbox');
      expect(Properties['NotificationConfiguration']).toEqual({
        EventBridgeConfiguration: { EventBridgeEnabled: true },
      });
      expect(ofType(state, 'AWS::Lambda::Function')).toEqual([]);
    });
  });

  describe('evidence', () => {
    const { Properties } = one(state, 'AWS::S3::Bucket', 'Evidence');

    it('is versioned and locked for as long, and in the mode, that the region says', () => {
      expect(Properties['VersioningConfiguration']).toEqual({ Status: 'Enabled' });
      expect(Properties['ObjectLockEnabled']).toBe(true);
      expect(Properties['ObjectLockConfiguration']).toEqual({
        ObjectLockEnabled: 'Enabled',
        Rule: {
          DefaultRetention: { Mode: config?.archive.mode, Years: config?.archive.years.value },
        },
      });
      expect(config?.archive).toMatchObject({ mode: 'COMPLIANCE' });
      expect(config?.archive.years.value).toBeGreaterThanOrEqual(3);
    });

    it('outlives every key of the product', () => {
      expect(
        at(
          Properties,
          ...['BucketEncryption', 'ServerSideEncryptionConfiguration', 0],
          ...['ServerSideEncryptionByDefault', 'SSEAlgorithm'],
        ),
      ).toBe('AES256');
    });

    it('denies everybody deletion, early release of a lock, and a lifecycle that would delete', () => {
      const denied = bucketPolicy(state, 'Evidence')
        .filter(({ Effect, Principal }) => Effect === 'Deny' && flat(at(Principal, 'AWS')) === '*')
        .filter(({ Condition }) => Object.keys(Condition).length === 0)
        .flatMap(({ Action }) => Action);
      expect(denied).toEqual(
        expect.arrayContaining([
          's3:DeleteObject',
          's3:DeleteObjectVersion',
          's3:BypassGovernanceRetention',
          's3:PutLifecycleConfiguration',
          's3:DeleteBucket',
        ]),
      );
    });

    it('denies a write that could overwrite', () => {
      expect(bucketPolicy(state, 'Evidence')).toContainEqual(
        expect.objectContaining({
          Effect: 'Deny',
          Action: ['s3:PutObject'],
          Condition: {
            Null: { 's3:if-none-match': 'true' },
            Bool: { 's3:ObjectCreationOperation': 'true' },
          },
        }),
      );
    });
  });
});

describe('staff who sign in', () => {
  const pools = regions.flatMap(({ state }) => ofType(state, 'AWS::Cognito::UserPool'));

  it('need a second factor, a long password, and an account that somebody gave them', () => {
    expect(pools).toHaveLength(2);
    for (const [, { Properties }] of pools) {
      expect(Properties).toMatchObject({
        MfaConfiguration: 'ON',
        EnabledMfas: ['SOFTWARE_TOKEN_MFA'],
        DeletionProtection: 'ACTIVE',
        AdminCreateUserConfig: { AllowAdminCreateUserOnly: true },
      });
      expect(at(Properties, 'Policies', 'PasswordPolicy', 'MinimumLength')).toBeGreaterThanOrEqual(14);
    }
  });

  it('get tokens by code alone, for the API alone, from a client without a secret', () => {
    for (const { state } of regions) {
      for (const [, { Properties }] of ofType(state, 'AWS::Cognito::UserPoolClient')) {
        expect(Properties).toMatchObject({
          AllowedOAuthFlows: ['code'],
          GenerateSecret: false,
          PreventUserExistenceErrors: 'ENABLED',
        });
        expect(Object.values(Object(Properties['AllowedOAuthScopes'])).map(flat)).toEqual([
          'openid',
          expect.stringMatching(/\/api$/),
        ]);
      }
    }
  });
});
