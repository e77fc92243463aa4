/** The same answer to the same question, found once. What throws is asked again. */
export function remembered<Key, Value>(find: (key: Key) => Value): (key: Key) => Value {
  const known = new Map<Key, Value>()
  return (key) => rememberedIn(known, key, find)
}

/**
 * The same, forgotten with the turn of the event loop: requests that come together are told the same of the disk, and every later one looks
 * again, so that a change is in force with the next request (I-60).
 */
export function inOneTurn<Key, Value>(find: (key: Key) => Value): (key: Key) => Value {
  const known = new Map<Key, Value>()
  return (key) => {
    if (known.size === 0) setImmediate(() => known.clear())
    return rememberedIn(known, key, find)
  }
}

function rememberedIn<Key, Value>(known: Map<Key, Value>, key: Key, find: (key: Key) => Value): Value {
  if (!known.has(key)) known.set(key, find(key))
  return known.get(key) as Value
}
