/** A subject, decided by itself: registration, reports and answers; one container; one package. */
export type HostSubject = 'host' | `container:${string}` | `package:${string}`

export function containerSubject(containerId: string): HostSubject {
  return `container:${containerId}`
}

export function packageSubject(sha256: string): HostSubject {
  return `package:${sha256}`
}
