import type { FabricIsolation } from './isolation.ts'

/**
 * Why the guests of this machine cannot be reached from others, so that it cannot be one of several, in one sentence; undefined when they can. Guests
 * without networks of their own have loopback addresses, and an ordinary user may lay no roads.
 */
export function clusterLack({
  kind,
  withoutRoot,
  lacks,
}: Pick<FabricIsolation, 'kind' | 'withoutRoot' | 'lacks'>): string | undefined {
  if (kind === 'namespace' && !withoutRoot) return undefined
  const missing = lacks.filter(({ blocks }) => blocks === true).map(({ sentence }) => ` ${sentence}`)
  const remedy = withoutRoot
    ? 'start it as root, with another directory than this user’s'
    : 'start it as root, without --isolation process, with a directory that has not kept them apart so before'
  const found = kind === 'process' ? 'share its loopback network' : 'are an ordinary user’s'
  return `A fabric of several machines needs guests with networks of their own, made by root, and here guests ${found}: ${remedy}.${missing.join('')}`
}
