import { SOURCES, type Source } from '../domain/record.ts';
import type { Words } from '../domain/words.ts';
import { booking } from './agencies/booking.ts';
import { ctrip } from './agencies/ctrip.ts';
import { expedia } from './agencies/expedia.ts';
import { aiConnect } from './ai/ai-connect.ts';
import { aiLex } from './ai/ai-lex.ts';
import { callRecording } from './calls/call-recording.ts';
import { crmSalesforce } from './crm/crm-salesforce.ts';
import { crmZendesk } from './crm/crm-zendesk.ts';
import type { Importer } from './importer.ts';
import { internal } from './internal/internal.ts';
import { workgroup } from './internal/workgroup.ts';
import { keycard } from './key-cards/keycard.ts';
import { line } from './line/line.ts';
import { pmsCsv } from './pms/pms-csv.ts';
import { pmsOpera } from './pms/pms-opera.ts';
import { stay } from './pms/stay.ts';
import { miniprogram } from './wechat/miniprogram.ts';
import { wechatKf } from './wechat/wechat-kf.ts';
import { wechatOfficial } from './wechat/wechat-official.ts';
import { wecom } from './wecom/wecom.ts';
import { weibo } from './weibo/weibo.ts';
import { whatsapp } from './whatsapp/whatsapp.ts';

const IMPORTERS: Partial<Record<Source, Importer>> = {
  booking,
  expedia,
  whatsapp,
  line,
  wecom,
  internal,
  'wechat-official': wechatOfficial,
  'wechat-kf': wechatKf,
  miniprogram,
  weibo,
  'crm-salesforce': crmSalesforce,
  'crm-zendesk': crmZendesk,
  'pms-opera': pmsOpera,
  'ai-connect': aiConnect,
  'ai-lex': aiLex,
  'call-recording': callRecording,
  ctrip,
  'pms-csv': pmsCsv,
  keycard,
  stay,
  workgroup,
};

/** Sources that can be ingested today; the others of SOURCES have no importer yet. */
export const BUILT_SOURCES: readonly Source[] = SOURCES.filter((source) => IMPORTERS[source] !== undefined);

/** The source's importer; null where none is built. */
export function importerOf(source: Source): Importer | null {
  return IMPORTERS[source] ?? null;
}

/** The source of this name, or why it can't be ingested: unknown altogether, or without an importer yet. */
export function builtSource(name: string): { source: Source; importer: Importer } | { fault: Words } {
  const source = SOURCES.find((known) => known === name);
  const importer = source === undefined ? null : importerOf(source);
  if (source !== undefined && importer !== null) return { source, importer };
  const built = BUILT_SOURCES.join(', ');
  return {
    fault:
      source === undefined
        ? {
            zh: `没有这个来源;可导入的来源:${built}`,
            en: `the source is not known; these can be ingested: ${built}`,
          }
        : {
            zh: `来源 ${source} 尚无导入器;可导入的来源:${built}`,
            en: `the source ${source} has no importer yet; these can be ingested: ${built}`,
          },
  };
}
