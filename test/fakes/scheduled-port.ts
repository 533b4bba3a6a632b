import type fc from 'fast-check';

/** The same port; each of its calls waits for its turn, so that a property can try every order of reads and writes. */
export function scheduled<Port extends object>(port: Port, scheduler: fc.Scheduler): Port {
  return new Proxy(port, {
    get(target, property) {
      const member: unknown = Reflect.get(target, property);
      if (typeof member !== 'function') return member;
      return async (...args: unknown[]) => {
        await scheduler.schedule(Promise.resolve(), String(property));
        return Reflect.apply(member, target, args);
      };
    },
  });
}
