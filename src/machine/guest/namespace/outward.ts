import { readFile } from 'node:fs/promises'

/** Interfaces by which the machine reaches the world: those of its default routes. */
export async function outwardInterfaces(): Promise<readonly string[]> {
  return defaultInterfaces(await readFile('/proc/net/route', 'utf8'))
}

/** Fields of a line: interface, destination, gateway, flags, references, use, metric, mask. */
export function defaultInterfaces(table: string): readonly string[] {
  const routes = table
    .split('\n')
    .slice(1)
    .map((line) => line.split('\t'))
  const names = routes.flatMap(([name = '', destination, , , , , , mask]) =>
    destination === '00000000' && mask === '00000000' ? [name] : [],
  )
  return [...new Set(names)]
}
