import type { JsonObject } from './json-value.ts';

/**
 * What is worked out of an object, once for as long as the object is there: what stands around the messages of a document
 * (its contacts, its participants) is asked of each of them.
 */
export function oncePerObject<Value>(work: (object: JsonObject) => Value): (object: JsonObject) => Value {
  const known = new WeakMap<JsonObject, { value: Value }>();
  return (object) => {
    const found = known.get(object) ?? { value: work(object) };
    known.set(object, found);
    return found.value;
  };
}
