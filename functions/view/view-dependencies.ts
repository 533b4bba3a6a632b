import type { RegionConfig } from '../../shared/domain/region-config.ts';
import type { Cases } from '../../shared/ports/cases.ts';
import type { ConsentStore } from '../../shared/ports/consent-store.ts';
import type { Directory } from '../../shared/ports/directory.ts';
import type { IndexKey } from '../../shared/ports/keys.ts';
import type { RecordsIndex } from '../../shared/ports/records-index.ts';
import type { RuleSets } from '../../shared/ports/rule-sets.ts';
import type { SealWaiting } from '../../shared/ports/seal-waiting.ts';
import type { ViewStore } from '../../shared/ports/view-store.ts';
import type { DecryptDependencies } from '../../shared/view/decrypt-scope.ts';

export type ViewDependencies = DecryptDependencies & {
  region: RegionConfig;
  directory: Pick<Directory, 'byId' | 'shiftsOf' | 'clientsOf'>;
  cases: Pick<Cases, 'read' | 'ofGuests' | 'transfersTo'>;
  consents: Pick<ConsentStore, 'ofGuests'>;
  indexKey: Pick<IndexKey, 'forSearch'>;
  records: Pick<RecordsIndex, 'guestsOf' | 'members' | 'blocksOf' | 'blocksOfDay' | 'committedBatches'>;
  ruleSets: RuleSets;
  sealWaiting: SealWaiting;
  views: ViewStore;
  /** A view was recorded and is about to be shown. */
  shown(): void;
};
