import type { Label } from '../domain/labels.ts';

/** What neither this package nor its verification can show: stated in the README, the transcript and by `verify`. */
export const LIMITS_OF_PROOF: readonly Label[] = [
  {
    zh: '遮盖按模式进行:用文字描述、拆在多条消息里、写在图片或附件里、数字之间夹有文字或过多符号、或格式未知的号码和姓名,可能没有被发现;形似证件号或银行卡号的其他数字(如订单号、连写的价格或电话)也可能被遮盖。',
    en: 'Masking is by pattern: numbers and names that are described in words, split over messages, inside pictures or attachments, have words or many signs between their digits, or are of an unknown form may not have been found; other numbers that look like an identity or card number (orders, prices or phones in a row) may have been masked.',
  },
  {
    zh: '每项审批由一台设备的密钥签署;该密钥属于谁、由谁确认,是酒店人员目录的陈述。标为 software 的密钥由软件保管,不能说明有人亲手操作。',
    en: 'Each approval is signed by the key of a device; whose device that is, and who confirmed it, is the word of the hotel’s directory. A key marked software is kept by software: it doesn’t show that somebody was at a device.',
  },
  {
    zh: '云账户管理员能够更改代码、解密和签名;签名说明由该密钥签出,不说明账户内无人滥用。',
    en: 'An administrator of the cloud account can change code, decrypt and sign; the signature shows which key signed, not that nobody misused the account.',
  },
  {
    zh: '没有人能证明系统之外从未发生过访问;已经打开的链接和已经下载的副本无法收回。',
    en: 'Nobody can prove that an access outside the product never happened; a link that was followed and a copy that was downloaded can’t be recalled.',
  },
  {
    zh: '本包中的保管事件在副本制作时截止:它自己的打开事件在其后才写入。事件链由酒店的密钥签名,尚无独立见证。',
    en: 'The custody events in the package end when the copy was prepared: the event of its own opening is written afterwards. The chain is signed by the hotel’s key; no independent witness has seen it yet.',
  },
  {
    zh: '记录的原始字节留在保管库中:加盐承诺可由酒店向法院展示原文和盐值来核对,凭本包不能反推。',
    en: 'The records’ original bytes stay in custody: their salted commitments can be checked where the hotel shows a court the original and its salt, and can’t be reversed from this package.',
  },
];
