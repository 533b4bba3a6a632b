/** Invented guests. The first one is the subject of the demo's request: found by phone, talked with on WeCom. */
export const SAMPLE_GUESTS = [
  { name: '陈先生', wecom: 'wmSha01Guest0001', phone: '+86 138 0013 8000', language: 'zh' },
  { name: '林女士', wecom: 'wmSha01Guest0002', phone: '+86 139 0000 1002', language: 'zh' },
  { name: '周先生', wecom: 'wmSha01Guest0003', phone: '+86 139 0000 1003', language: 'zh' },
  { name: 'Ms Porter', wecom: 'wmSha01Guest0004', phone: '+44 7700 900104', language: 'en' },
  { name: '黄女士', wecom: 'wmSha01Guest0005', phone: '+86 139 0000 1005', language: 'zh' },
  { name: 'Mr Okafor', wecom: 'wmSha01Guest0006', phone: '+44 7700 900106', language: 'en' },
  { name: '徐先生', wecom: 'wmSha01Guest0007', phone: '+86 139 0000 1007', language: 'zh' },
  { name: '孙女士', wecom: 'wmSha01Guest0008', phone: '+86 139 0000 1008', language: 'zh' },
  { name: 'Mrs Lindqvist', wecom: 'wmSha01Guest0009', phone: '+44 7700 900109', language: 'en' },
  { name: '马先生', wecom: 'wmSha01Guest0010', phone: '+86 139 0000 1010', language: 'zh' },
  { name: '高女士', wecom: 'wmSha01Guest0011', phone: '+86 139 0000 1011', language: 'zh' },
  { name: '郑先生', wecom: 'wmSha01Guest0012', phone: '+86 139 0000 1012', language: 'zh' },
] as const;
export type SampleGuest = (typeof SAMPLE_GUESTS)[number];
