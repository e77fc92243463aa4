/** A subject, decided by itself: registration, reports and answers; the roads to other machines; one container; one package. */
export type HostSubject = 'host' | 'roads' | `container:${string}` | `package:${string}`

export function containerSubject(containerId: string): HostSubject {
  return `container:${containerId}`
}

export function packageSubject(sha256: string): HostSubject {
  return `package:${sha256}`
}
