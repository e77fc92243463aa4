/** Stored bodies, by their source; the one that was used longest ago is dropped first. */
export interface BodyCache {
  readonly get: (key: string) => Buffer | undefined
  readonly set: (key: string, body: Buffer) => void
}

/** Holds no more than so many bytes. */
export function bodyCache(limitBytes: number): BodyCache {
  const bodies = new Map<string, Buffer>()
  let sizeBytes = 0
  const drop = (key: string) => {
    sizeBytes -= bodies.get(key)?.length ?? 0
    bodies.delete(key)
  }
  const set = (key: string, body: Buffer) => {
    drop(key)
    bodies.set(key, body)
    sizeBytes += body.length
    for (const oldest of bodies.keys()) {
      if (sizeBytes <= limitBytes) break
      drop(oldest)
    }
  }
  const get = (key: string) => {
    const body = bodies.get(key)
    if (body) set(key, body)
    return body
  }
  return { get, set }
}
