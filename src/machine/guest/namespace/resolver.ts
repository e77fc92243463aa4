/** The lines of `resolv.conf` that hold in a guest: a server at an address of the loopback network is the machine's own, and not the guest's. */
export function reachableServers(text: string): readonly string[] {
  return text.split('\n').filter((line) => !/^\s*nameserver\s+(127\.|::1\b)/.test(line))
}

/** Whether any DNS server is named. */
export function namesServers(lines: readonly string[]): boolean {
  return lines.some((line) => /^\s*nameserver\s/.test(line))
}
