import type { Person } from '../domain/person.ts';

/** What every view bears (L3): who looked, in which view, when, and of which hotel. It names the viewer alone. */
export type ViewWatermark = {
  viewer: string;
  name: string;
  view: string;
  /** ISO 8601 UTC. */
  at: string;
  hotel: string;
  /** Inside whose view a trainee looks (T10). */
  mentor?: string;
  /** The same in one line, for the head and the foot of what is shown. */
  text: string;
};

export function viewWatermark(
  { personId, displayName }: Pick<Person, 'personId' | 'displayName'>,
  { viewId, at, hotel, mentor }: { viewId: string; at: Date; hotel: string; mentor?: string },
): ViewWatermark {
  const time = at.toISOString();
  return {
    viewer: personId,
    name: displayName,
    view: viewId,
    at: time,
    hotel,
    ...(mentor === undefined ? {} : { mentor }),
    text: [
      '仅供屏幕查看,不得外传 on screen only, not to be passed on',
      `${displayName} ${personId}`,
      ...(mentor === undefined ? [] : [`带教 mentor ${mentor}`]),
      ...[viewId, time, hotel],
    ].join(' · '),
  };
}
