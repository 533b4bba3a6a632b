import { z } from 'zod';

/** Times that a request can be about: whole years in UTC, both included. Beyond them calendars and stores disagree. */
const YEARS = { first: 1970, last: 2200 };
const LONGEST = '2026-05-01T00:00:00.000000000+08:00'.length;

/** A time as somebody states it: ISO 8601 with a zone, of the years 1970 to 2200 once it is put in UTC. */
export const instantSchema = z.iso
  .datetime({
    offset: true,
    error:
      'must be an ISO 8601 date and time with a zone, such as 2026-05-01T00:00:00+08:00 · 须为带时区的日期时间',
  })
  .max(LONGEST, `at most ${LONGEST} characters · 最多 ${LONGEST} 个字符`)
  .refine((text) => {
    const year = new Date(text).getUTCFullYear();
    return year >= YEARS.first && year <= YEARS.last;
  }, `must be in the years ${YEARS.first} to ${YEARS.last} (UTC) · 年份超出范围`);
