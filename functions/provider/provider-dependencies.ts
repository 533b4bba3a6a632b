import type { Inbox } from '../../shared/aws/inbox.ts';
import type { PartLinks } from '../../shared/aws/part-links.ts';
import type { RegionConfig } from '../../shared/domain/region-config.ts';
import type { Directory } from '../../shared/ports/directory.ts';
import type { GrantStore } from '../../shared/ports/grant-store.ts';
import type { RequestKeys } from '../../shared/ports/keys.ts';
import type { ObjectStore } from '../../shared/ports/objects.ts';
import type { ProviderStore } from '../../shared/ports/provider-store.ts';
import type { RuleSets } from '../../shared/ports/rule-sets.ts';
import type { Signer } from '../../shared/ports/signer.ts';

export type ProviderDependencies = {
  region: RegionConfig;
  ruleSets: RuleSets;
  store: Pick<GrantStore, 'read'>;
  providers: Pick<ProviderStore, 'create' | 'read' | 'ofRequest' | 'move'>;
  keys: Pick<RequestKeys, 'read'>;
  directory: Pick<Directory, 'byId'>;
  signer: Signer;
  inbox: Pick<Inbox, 'begin' | 'complete' | 'size' | 'read' | 'delete'>;
  links: PartLinks;
  evidence: Pick<ObjectStore, 'putOnce'>;
};
