/**
 * What a record holds under a name that a customer chose; undefined when nothing. It looks only at own properties, or `constructor` would find what
 * every object has (service-model.md 1).
 */
export function own<Value>(record: Readonly<Record<string, Value>> | undefined, name: string): Value | undefined {
  return record && Object.hasOwn(record, name) ? record[name] : undefined
}
