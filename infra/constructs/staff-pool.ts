import {
  AccountRecovery,
  FeaturePlan,
  Mfa,
  OAuthScope,
  ResourceServerScope,
  StandardThreatProtectionMode,
  UserPool,
  type UserPoolClient,
  UserPoolClientIdentityProvider,
} from 'aws-cdk-lib/aws-cognito';
import { Aws, Duration, RemovalPolicy } from 'aws-cdk-lib/core';
import { Construct } from 'constructs';
import type { Differences } from '../local-differences.ts';

/** Where the sign-in page sends the code: a loopback address (RFC 8252). Whoever drives the sign-in reads it there. */
const CALLBACK = 'http://localhost/callback';

/** Staff sign in here where the region has Cognito. The pool proves who; roles are in the directory table alone. */
export class StaffPool extends Construct {
  readonly pool: UserPool;
  readonly client: UserPoolClient;
  /** The `iss` of its tokens. From the name: the suffix of the partition is the platform's to know. */
  readonly issuer: string;

  constructor(scope: Construct, id: string, { differences }: { differences: Differences }) {
    super(scope, id);
    this.pool = new UserPool(this, 'Pool', {
      selfSignUpEnabled: false,
      signInAliases: { username: true },
      signInCaseSensitive: false,
      passwordPolicy: {
        minLength: 14,
        requireDigits: true,
        requireLowercase: true,
        requireUppercase: true,
        requireSymbols: true,
        tempPasswordValidity: Duration.days(1),
      },
      // A forgotten password is reset by an administrator: an e-mail account alone must not open custody.
      accountRecovery: AccountRecovery.NONE,
      ...(differences.secondFactor
        ? {
            mfa: Mfa.REQUIRED,
            mfaSecondFactor: { otp: true, sms: false },
            featurePlan: FeaturePlan.PLUS,
            standardThreatProtectionMode: StandardThreatProtectionMode.FULL_FUNCTION,
          }
        : {}),
      deletionProtection: differences.retainsState,
      removalPolicy: differences.retainsState ? RemovalPolicy.RETAIN : RemovalPolicy.DESTROY,
    });
    const api = new ResourceServerScope({ scopeName: 'api', scopeDescription: 'Use Dualkey' });
    const server = this.pool.addResourceServer('Api', { identifier: 'dualkey', scopes: [api] });
    this.client = this.pool.addClient('Cli', {
      generateSecret: false,
      authFlows: {},
      oAuth: {
        flows: { authorizationCodeGrant: true },
        scopes: [OAuthScope.OPENID, OAuthScope.resourceServer(server, api)],
        callbackUrls: [CALLBACK],
      },
      supportedIdentityProviders: [UserPoolClientIdentityProvider.COGNITO],
      preventUserExistenceErrors: true,
      enableTokenRevocation: true,
      accessTokenValidity: Duration.hours(1),
      idTokenValidity: Duration.hours(1),
      refreshTokenValidity: Duration.hours(12),
    });
    this.pool.addDomain('SignIn', { cognitoDomain: { domainPrefix: `dualkey-${Aws.ACCOUNT_ID}` } });
    this.issuer = `https://${this.pool.userPoolProviderName}`;
  }
}
