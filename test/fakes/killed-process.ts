/** The process ended here: what stands is what was written before. */
export class KilledError extends Error {
  override name = 'KilledError';
}

/** Where a process dies: just before its nth effect (counted from 0), or just after it took place. */
export type Death = { effect: number; when: 'before' | 'after' };

/** Every way in which a process of so many effects can die. */
export function everyDeath(effects: number): Death[] {
  return Array.from({ length: effects }).flatMap((_, effect) => [
    { effect, when: 'before' as const },
    { effect, when: 'after' as const },
  ]);
}

/**
 * Runs a step whose effects go through `ports`, and kills it at one of them; from then on every effect fails, as it
 * does for a dead process. Without a death it counts the effects.
 */
export function mortalProcess(death?: Death) {
  let effects = 0;
  let dead = false;

  function die(): never {
    dead = true;
    throw new KilledError();
  }

  /** The same port; each of its methods is an effect. */
  function watched<Port extends object>(port: Port): Port {
    return new Proxy(port, {
      get(target, property) {
        const member: unknown = Reflect.get(target, property);
        if (typeof member !== 'function') return member;
        return async (...args: unknown[]) => {
          if (dead) throw new KilledError();
          const effect = effects;
          effects += 1;
          if (death?.effect === effect && death.when === 'before') die();
          const result: unknown = await Reflect.apply(member, target, args);
          if (death?.effect === effect && death.when === 'after') die();
          return result;
        };
      },
    });
  }

  return { watched, effects: () => effects, died: () => dead };
}
