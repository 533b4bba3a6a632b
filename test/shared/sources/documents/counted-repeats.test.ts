import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { LIMITS } from '../../../../shared/domain/limits.ts';
import { ctrip } from '../../../../shared/sources/agencies/ctrip.ts';
import { BEGINNING, type Importer } from '../../../../shared/sources/importer.ts';
import { internal } from '../../../../shared/sources/internal/internal.ts';
import { workgroup } from '../../../../shared/sources/internal/workgroup.ts';
import { stay } from '../../../../shared/sources/pms/stay.ts';
import { wechatOfficial } from '../../../../shared/sources/wechat/wechat-official.ts';
import { expectGoesOnAnywhere } from '../support/goes-on-anywhere.ts';
import { readAll, recordsOf } from '../support/read-all.ts';

const OPTIONS = { timezone: 'Asia/Shanghai' };
const HEADER = '会话编号,携程订单号,时间,角色,内容';
const said = (minute: number, who: string, text: string, order = '36912345') =>
  `c${order},${order},2026-05-01 08:0${minute},${who},${text}`;
const table = (...rows: string[]) => `${[HEADER, ...rows].join('\n')}\n`;
const TALK = [
  said(4, '酒店', '您好'),
  said(5, '酒店', '要早餐吗'),
  said(5, '客人', '好的'),
  said(5, '酒店', '要接机吗'),
  said(5, '客人', '好的'),
  said(6, '酒店', '谢谢'),
];

/** Which record each is, but for its place. */
async function identities(importer: Importer, text: string): Promise<string[]> {
  const records = recordsOf(await readAll(importer, text, OPTIONS));
  return records.map(({ placements, at, content }) =>
    JSON.stringify([placements[0].conversation, at.getTime(), content]),
  );
}

function wechatRows(...rows: [second: number, text: string][]): string {
  const recordlist = rows.map(([second, text]) => ({
    ...{ openid: 'oDF3iY9WMaswOPWjCIp_f3Bnpljk', opercode: 2003, text },
    ...{ time: 1400563710 + second, worker: 'xiaoli@gh_demo' },
  }));
  return JSON.stringify({ recordlist, number: rows.length, msgid: 1 });
}

describe('the same words twice at one time, without ids', () => {
  it('are two messages: in tables of messages, and in rows of WeChat’s', async () => {
    const inTable = await identities(ctrip, table(...TALK));
    expect(new Set(inTable).size).toBe(TALK.length);
    const own = 'at,from_role,conversation,text\n';
    const twice = '2026-05-01 08:05,guest,c1,ok\n'.repeat(2);
    expect(new Set(await identities(internal, own + twice)).size).toBe(2);
    const inGroup = '时间,群ID,会话类型,发送人账号,from_id,内容\n';
    const groupRow = '2026-05-01 08:05,g1,群聊,,li01,收到\n';
    const talk = await identities(workgroup, inGroup + groupRow.repeat(2));
    expect(new Set(talk).size).toBe(talk.length);
    const rows = await identities(wechatOfficial, wechatRows([0, '好'], [1, '好'], [1, '在'], [1, '好']));
    expect(new Set(rows).size).toBe(4);
  });

  it('are the same records in the same file again, and in one that begins or ends amid them', async () => {
    const whole = new Set(await identities(ctrip, table(...TALK)));
    for (let from = 0; from < TALK.length; from += 1) {
      for (let to = from; to <= TALK.length; to += 1) {
        for (const one of await identities(ctrip, table(...TALK.slice(from, to)))) {
          expect(whole).toContain(one);
        }
      }
    }
  });

  it('leave the first as it was: its id is that of a file where it stands alone', async () => {
    const [, , first] = await identities(ctrip, table(...TALK));
    expect(await identities(ctrip, table(said(5, '客人', '好的')))).toEqual([first]);
  });

  it('are told apart by conversation and time, and by nothing that was said before', async () => {
    const rows = [said(5, '客人', '好的'), said(5, '客人', '好的', '777'), said(6, '客人', '好的')];
    const alone = await Promise.all(rows.map(async (row) => (await identities(ctrip, table(row)))[0]));
    expect(await identities(ctrip, table(...rows))).toEqual(alone);
  });

  it('are one where each has its id, in a list of stays, and in a push that comes again', async () => {
    const withIds = `message id,${HEADER}\n${`m1,${said(5, '客人', '好的')}\n`.repeat(2)}`;
    const contents = recordsOf(await readAll(ctrip, withIds, OPTIONS)).map(({ content }) => content);
    expect(new Set(contents).size).toBe(1);
    const stays = 'arrival,departure,phone\n2026-05-01,2026-05-03,13800138000\n';
    const again = `${stays}2026-05-01,2026-05-03,13800138000\n`;
    expect(new Set(await identities(stay, again)).size).toBe(1);
    const push = JSON.stringify({
      ...{ ToUserName: 'gh_demo', FromUserName: 'oDF3iY9WMaswOPWjCIp_f3Bnpljk', CreateTime: 1700000000 },
      ...{ MsgType: 'event', Event: 'CLICK', EventKey: 'BOOK' },
    });
    expect(new Set(await identities(wechatOfficial, `${push}\n${push}\n`)).size).toBe(1);
  });

  it('are counted the same wherever reading stops and goes on, and nothing of them stands in its state', async () => {
    await expectGoesOnAnywhere(ctrip, table(...TALK), OPTIONS);
    const pages = [
      wechatRows([0, '好'], [1, '好'], [1, '好']),
      wechatRows([1, '好'], [1, '在'], [2, '好']),
      wechatRows([2, '好']),
    ];
    await expectGoesOnAnywhere(wechatOfficial, `${pages.join('\n')}\n`, OPTIONS);
    const items = await readAll(ctrip, table(...TALK), OPTIONS);
    expect(JSON.stringify(items.map(({ end }) => end))).not.toMatch(/好的|[0-9a-f]{32}|[\w+/]{43}=/);
  });

  it('are counted in whatever order times, ids and words come', async () => {
    const rows = fc.array(
      fc.tuple(fc.integer({ min: 0, max: 2 }), fc.constantFrom('好', '在'), fc.constantFrom('', 'm1')),
      { maxLength: 12 },
    );
    await fc.assert(
      fc.asyncProperty(rows, async (made) => {
        const lines = made.map(([minute, text, id]) => `${id},${said(minute, '客人', text)}`);
        const text = `message id,${HEADER}\n${lines.join('\n')}\n`;
        const whole = await readAll(ctrip, text, OPTIONS);
        for (const [index, { end }] of whole.entries()) {
          expect(await readAll(ctrip, text, { ...OPTIONS, from: end })).toEqual(whole.slice(index + 1));
        }
      }),
      { numRuns: 40 },
    );
  });

  it('go on near where reading stopped, however many stand under one time', async () => {
    const rows = Array.from({ length: LIMITS.heldExportMessages + 5 }, (_, n) => said(5, '客人', `${n}`));
    const items = await readAll(ctrip, table(...rows), { ...OPTIONS, from: BEGINNING });
    expect(items).toHaveLength(rows.length + 1);
    expect(Math.max(...items.map(({ end }) => end.items))).toBeLessThanOrEqual(LIMITS.heldExportMessages);
    expect(items.at(-2)?.end.line).toBeGreaterThan(LIMITS.heldExportMessages);
  });
});
