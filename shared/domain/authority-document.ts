/**
 * The number of a document of a Chinese authority (发文字号): place and authority in short, perhaps a department in brackets,
 * what it is, the year in brackets, the serial number and 号. Authorities, departments and words are of listed characters; of
 * the place at most two characters are free, so that no name of three and no sentence fits in. In its compared form
 * (`referenceKey`), so that brackets and widths are as people type them.
 */
export const AUTHORITY_DOCUMENT = (() => {
  const province = '[京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼兵]';
  const authority =
    '(?:公|检|法|司|监|监察|监委|市监|网信|网信办|国安|安|纪|税|税稽|海关|关|关缉|缉|海警|警|证监|金监|金|银保监|汇|药监|文旅|卫|卫健|人社|消|消防|交|烟)';
  const place = '\\p{Script=Han}{1,2}';
  const department =
    '(?:\\([经刑侦治安网禁毒交出入境法制预审特巡反诈缉技情指派所户港水森铁机场国保民食药环知产一二三四五六七八九十支大队总分局处科室]{1,8}\\))';
  const words =
    '[调证取字查询协函通知决令冻扣检鉴立传问提捕诉侦公刑行民办发据材料电数保全封押罚处执督综回复受案移送续解控告监管询责改约谈限期]{1,8}';
  const year = '\\((?:19|20)\\d{2}\\)';
  const before = `(?:最高|国|${province}?${place}|${province})?${authority}`;
  const after = `${province}?${authority}(?:${place}|\\(${place}\\))`;
  return new RegExp(`^(?:${before}|${after})${department}?${words}${year}第?\\d{1,6}号$`, 'u');
})();
