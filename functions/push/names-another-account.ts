import type { ChannelName, ChannelPlace } from '../../shared/domain/channel.ts';
import { platformId } from '../../shared/sources/fields/platform-id.ts';
import { parseJsonLine } from '../../shared/sources/json/json-line.ts';
import { isJsonObject, type JsonObject, listOf } from '../../shared/sources/json/json-value.ts';
import { childrenNamed, readXml } from '../../shared/sources/xml/xml-elements.ts';

/** How each platform writes the accounts that its pushes name: an account that was added under another name says nothing. */
const FORMS: Readonly<Record<ChannelName, RegExp>> = {
  'wechat-official': /^gh_\w+$/,
  miniprogram: /^gh_\w+$/,
  weibo: /^\d+$/,
  whatsapp: /^\d+$/,
  line: /^U[0-9a-f]{32}$/,
  booking: /^\d+$/,
};

/**
 * Whether a verified push says itself that it is another account's than the one in its path: accounts of one app share
 * their secret, so that the signature doesn't tell. A body that names nobody, or can't be read, isn't another's.
 */
export function namesAnotherAccount({ channel, account }: ChannelPlace, body: Uint8Array): boolean {
  if (!FORMS[channel].test(account)) return false;
  return receiversIn(channel, Buffer.from(body).toString('utf8')).some(
    (receivers) => receivers.length > 0 && !receivers.includes(account),
  );
}

/** Of each part of the push the names of its receiver, any of which may be the account's. */
function receiversIn(channel: ChannelName, text: string): string[][] {
  const parsed = parseJsonLine(text);
  const page = parsed.ok && isJsonObject(parsed.value) ? parsed.value : null;
  switch (channel) {
    case 'wechat-official':
    case 'miniprogram':
      return [page === null ? receiversInXml(text) : given(page['ToUserName'])];
    case 'weibo':
      return [given(page?.['receiver_id'])];
    case 'line':
      return [given(page?.['destination'])];
    case 'whatsapp':
      // The business account that holds the number is a name of it too.
      return objectsIn(page?.['entry']).flatMap((entry) =>
        objectsIn(entry['changes']).map(({ value }) => {
          const metadata = isJsonObject(value) && isJsonObject(value['metadata']) ? value['metadata'] : {};
          const number = given(metadata['phone_number_id']);
          return number.length === 0 ? [] : [...number, ...given(entry['id'])];
        }),
      );
    case 'booking':
      return [page, page?.['data'], page?.['property'], page?.['metadata']].map((place) =>
        isJsonObject(place) ? [...given(place['property_id']), ...given(place['hotel_id'])] : [],
      );
  }
}

function receiversInXml(text: string): string[] {
  const xml = readXml(text);
  return xml.ok ? childrenNamed(xml.root, 'ToUserName').flatMap((one) => given(one.text.trim())) : [];
}

function objectsIn(value: unknown): JsonObject[] {
  return listOf(value).filter(isJsonObject);
}

function given(value: unknown): string[] {
  const id = platformId(value);
  return id === '' ? [] : [id];
}
