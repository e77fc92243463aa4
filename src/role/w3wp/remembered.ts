/** The same answer to the same question, computed once. A question that throws is tried again. */
export function remembered<Key, Value>(find: (key: Key) => Value): (key: Key) => Value {
  const known = new Map<Key, Value>()
  return (key) => rememberedIn(known, key, find)
}

/** The same of an object, remembered as long as that is there. */
export function rememberedOf<Key extends object, Value>(find: (key: Key) => Value): (key: Key) => Value {
  const known = new WeakMap<Key, { readonly value: Value }>()
  return (key) => {
    const before = known.get(key)
    if (before) return before.value
    const value = find(key)
    known.set(key, { value })
    return value
  }
}

/**
 * The same, forgotten after the turn of the event loop: requests that come together share one look at the disk, and later ones look again,
 * so that a change takes effect with the next request (I-60).
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
