import { ATTACHMENTS } from './attachment-file.ts';
import { LIMITS_OF_PROOF } from './limits-of-proof.ts';
import { ENTRIES, type Manifest } from './manifest.ts';
import { watermarkLine } from './transcript.ts';

/** README.txt: what is in the package and how to verify it, with the product's command or with common tools alone. */
export function readmeText(facts: Omit<Manifest, 'entries'>, keyEntry: string): string {
  const { requestId, signer, scope } = facts;
  return `双钥 Dualkey 调阅包 · package of a retrieval
================================================

申请 request        ${requestId}
打开 opening        ${watermarkLine(facts)}
记录 records        ${scope.records} 条 records, ${scope.conversations} 个会话 conversations
签名密钥 signer     ${signer.keyId}
指纹 fingerprint    ${signer.fingerprint}

内容 Contents
-------------
${ENTRIES.manifest}          清单:申请、审批、范围、打开,以及每个文件的摘要
                       what was requested, approved and opened; the digest of every file
${ENTRIES.signature}           清单摘要的签名(C2SP signed note, Ed25519)
                       signature over the manifest's digest
${keyEntry}
                       公钥:只说明本包前后一致,不说明是谁签的
                       the public key: it shows consistency, not whose key it is
${ENTRIES.transcript}        供人阅读和打印 for reading and printing
${ENTRIES.records}         供程序读取,每行一条记录 one record a line, for programs
${ENTRIES.completeness}      批准范围与本包的对照 what was approved against what is here
${ENTRIES.events}  本申请的保管证据链 the chain of custody of this request
${ENTRIES.approvals}  审批人的设备所签署的内容,凭其中的公钥可离线验证
                       what the approvers' devices signed: verifies offline by the public keys in it
${ATTACHMENTS}           记录的附件(仅在显示姓名时提供;附件无法遮盖)
                       media of the records (only where names are shown: media can't be masked)

一、用 dualkey 验证(离线)
--------------------------
    npx dualkey verify 本文件.zip --keys keys.json

keys.json 是部署时公布的公钥,须从本包以外取得(例如由酒店书面提供,或经公证)。
不带 --keys 时只能说明本包完整,不能确定签名者。

1. With dualkey, offline
------------------------
    npx dualkey verify THIS.zip --keys keys.json

keys.json holds the deployment's public keys; obtain it from outside this package (from the hotel in writing, or
notarised). Without --keys the check says that the package is intact, and that its signer is not established.

二、仅用通用工具验证 · 2. With common tools alone (unzip, sha256sum, openssl 3, base64)
--------------------------------------------------------------------------------
    mkdir package && cd package && unzip -q ../THIS.zip

    # 每个文件的摘要须与 manifest.json 的 entries 相同
    # the digest of every file must be the one in manifest.json's entries
    sha256sum $(find . -type f)

    # manifest.sig 中的摘要须等于 manifest.json 的摘要
    # the digest in manifest.sig must be that of manifest.json
    grep '^manifest ' manifest.sig; sha256sum manifest.json

    # 验证签名:签名文本为空行之前的部分;base64 的前 4 字节是密钥编号
    # the signature is over the text before the empty line; the first 4 bytes of the base64 are the key's id
    sed '/^$/,$d' manifest.sig > signed.txt
    tail -n 1 manifest.sig | cut -d ' ' -f 3 | base64 -d | tail -c 64 > signature.bin
    printf '%s' "$(grep -o '"spki": "[^"]*"' ${keyEntry} | cut -d '"' -f 4)" | base64 -d > key.der
    openssl pkeyutl -verify -pubin -keyform DER -inkey key.der -rawin -in signed.txt -sigfile signature.bin

    # 公钥的指纹须与酒店公布的相同
    # the key's fingerprint must be the one that the hotel published
    sha256sum key.der

本包不能证明的 · What this package can't show
---------------------------------------------
${LIMITS_OF_PROOF.map(({ zh, en }) => `- ${zh}\n  ${en}`).join('\n')}

本副本带有水印,可追溯到上述打开;仅供列明的收件人使用,对外提供须另行申请。
This copy bears a watermark that leads back to the opening above; it is for the named recipient only, and onward
disclosure needs a request of its own.
`;
}
