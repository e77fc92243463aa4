/** Moved privileged ports: 80 → 8080, 443 → 8443 (design.md 5). */
const privilegedShift = 8_000
const firstUnprivileged = 1_024
const lastPort = 65_535

/** Ports to try for an endpoint, in order: the one asked for, the shifted one, then upwards. `declared` belong to other endpoints of the address. */
export function candidatePorts(asked: number, declared: ReadonlySet<number>, tries: number): readonly number[] {
  const shifted = asked < firstUnprivileged ? asked + privilegedShift : asked + 1
  const ports = [asked]
  for (let port = shifted; port <= lastPort && ports.length < tries; port++) if (!declared.has(port)) ports.push(port)
  return ports
}
