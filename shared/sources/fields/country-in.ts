import { getCountries, isSupportedCountry } from 'libphonenumber-js';

const NAMES: ReadonlyMap<string, string> = new Map([
  ...['zh-Hans', 'en'].flatMap((language) => {
    const names = new Intl.DisplayNames(language, { type: 'region', fallback: 'none' });
    return getCountries().flatMap((code) => {
      const name = names.of(code);
      return name === undefined ? [] : [[plain(name), code] as const];
    });
  }),
  // How exports call them besides.
  ...(
    [
      ['CHN', 'CN'],
      ['PRC', 'CN'],
      ['中国大陆', 'CN'],
      ['中华人民共和国', 'CN'],
      ['USA', 'US'],
      ['United States of America', 'US'],
      ['UK', 'GB'],
      ['GBR', 'GB'],
      ['DEU', 'DE'],
      ['FRA', 'FR'],
      ['JPN', 'JP'],
      ['KOR', 'KR'],
      ['SGP', 'SG'],
    ] as const
  ).map(([name, code]) => [plain(name), code] as const),
]);

/** The country that a cell names, as ISO 3166 with two letters: by its code or its name in Chinese or English; else null. */
export function countryIn(cell: string): string | null {
  const code = cell.normalize('NFKC').trim().toUpperCase();
  return isSupportedCountry(code) ? code : (NAMES.get(plain(cell)) ?? null);
}

function plain(name: string): string {
  return name
    .normalize('NFKC')
    .toLowerCase()
    .replaceAll(/[^\p{L}]/gu, '');
}
