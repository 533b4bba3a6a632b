/** The transcript's style sheet; `watermark` stands in the margin of each printed page where the browser can put it there. */
export function transcriptStyle(watermark: string): string {
  const quoted = `"${watermark.replace(/[^\p{L}\p{N} .,:;·#_/+-]/gu, '?')}"`;
  return `
:root { color-scheme: light; font: 15px/1.55 "Noto Sans CJK SC", "Source Han Sans SC", "PingFang SC", "Microsoft YaHei", "Segoe UI", system-ui, sans-serif; }
body { margin: 0; color: #1b1f24; background: #fff; }
main { max-width: 60rem; margin: 0 auto; padding: 1rem 1.25rem 3rem; }
h1 { font-size: 1.5rem; margin: .5rem 0; }
h2 { font-size: 1.1rem; margin: 1.6rem 0 .5rem; break-after: avoid; }
h1 span, h2 span { font-weight: 400; color: #4a5462; }
.notice { border-left: 4px solid #b3261e; background: #fdf1f0; padding: .5rem .75rem; margin: .75rem 0; }
.notice span, li span { display: block; color: #4a5462; }
table { border-collapse: collapse; width: 100%; font-size: .9rem; }
th, td { border: 1px solid #d5dae1; padding: .3rem .55rem; text-align: left; vertical-align: top; overflow-wrap: anywhere; }
th[scope=row], thead th { background: #f4f6f8; font-weight: 600; }
th[scope=row] { width: 30%; }
.facts { margin: 0 0 .5rem; color: #4a5462; }
.id { font: .68rem/1.4 ui-monospace, "SFMono-Regular", Consolas, monospace; color: #6b7480; overflow-wrap: anywhere; }
article { display: grid; grid-template-columns: 11rem 1fr; gap: .75rem; border-top: 1px solid #e3e7ec; padding: .5rem 0; break-inside: avoid; }
article > div { min-width: 0; }
aside { font: .52rem/1.4 ui-monospace, Consolas, monospace; color: #8a5a57; overflow-wrap: anywhere; }
header { font-size: .85rem; }
header time { margin-right: .3rem; color: #4a5462; font-variant-numeric: tabular-nums; }
.staff header b { color: #0b5394; }
.guest header b { color: #7a4100; }
.category { color: #6b7480; margin-left: .35rem; }
.mark { border: 1px solid; border-radius: 3px; padding: 0 .3rem; margin-left: .35rem; font-size: .75rem; text-decoration: none; color: #4a5462; }
.mark.recalled, .mark.recall, .mark.conflict { color: #b3261e; }
.mark.internal { color: #fff; background: #4a5462; border-color: #4a5462; }
.internal { background: #f4f6f8; }
.replaced .text { border-left: 3px solid #8a6d00; padding-left: .5rem; }
.taken-back .text { border-left: 3px solid #b3261e; padding-left: .5rem; }
.text { white-space: pre-wrap; overflow-wrap: anywhere; overflow: hidden; unicode-bidi: isolate; margin: .2rem 0; }
.empty, .file { margin: .15rem 0; font-size: .8rem; color: #4a5462; }
.unseen { border: 1px dashed #b3261e; color: #b3261e; font: .7rem ui-monospace, Consolas, monospace; padding: 0 .15rem; unicode-bidi: isolate; direction: ltr; }
footer { margin-top: .15rem; }
footer .masked { font-family: inherit; color: #4a5462; }
.limits { break-inside: avoid; font-size: .85rem; }
.running { position: sticky; top: 0; margin: 0; padding: .2rem 1rem; background: #fdf1f0; color: #8a2a24; font: .7rem/1.4 ui-monospace, Consolas, monospace; text-align: center; overflow-wrap: anywhere; z-index: 2; }
.watermark { position: fixed; inset: 0; overflow: hidden; pointer-events: none; z-index: 1; display: flex; flex-direction: column; justify-content: space-around; }
.watermark span { display: block; white-space: nowrap; font-size: 1rem; color: rgba(120, 20, 15, .11); transform: rotate(-14deg); text-align: center; }
.watermark span:nth-child(even) { text-indent: 9rem; }
@page { margin: 16mm 12mm; @top-center { content: ${quoted}; font-size: 7pt; color: #8a2a24; } @bottom-center { content: counter(page) " / " counter(pages); font-size: 7pt; } }
@media print { :root { font-size: 11.5px; } .running { position: static; } main { max-width: none; padding: 0; } .watermark span { font-size: 1.05rem; color: rgba(120, 20, 15, .16); -webkit-print-color-adjust: exact; print-color-adjust: exact; } }
@media (max-width: 36rem) { article { grid-template-columns: 1fr; gap: .2rem; } th[scope=row] { width: 40%; } }
`;
}
