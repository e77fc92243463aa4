/** The link of each route in the kernel's table, by `a.b.c.d/p`. Fields of a line: interface, destination, gateway, flags, references, use, metric, mask. */
export function routedBy(table: string): ReadonlyMap<string, string> {
  const routes = table
    .split('\n')
    .slice(1)
    .map((line) => line.split('\t'))
  return new Map(
    routes.flatMap(([link = '', destination, , , , , , mask]) =>
      destination === undefined || mask === undefined
        ? []
        : [[`${dotted(destination)}/${bitsOf(mask)}`, link] as const],
    ),
  )
}

/** `0A0DFD0A`, the kernel's little-endian form, as dotted numbers. */
function dotted(hex: string): string {
  return [6, 4, 2, 0].map((at) => Number.parseInt(hex.slice(at, at + 2), 16)).join('.')
}

function bitsOf(mask: string): number {
  return Number.parseInt(mask, 16).toString(2).replaceAll('0', '').length
}
