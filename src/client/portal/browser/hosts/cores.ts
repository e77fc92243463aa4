import { sizeOf } from '../../../../service-model/sizes.ts'

/** A host as far as its picture needs it. */
interface HostOfPicture {
  readonly cores: number
  readonly freeCores: number
  readonly faultDomain: number
  readonly name: string
}

/** A core: free, or of which instances it is; one has several instances whose size shares cores. */
export type Core = { readonly kind: 'free' } | { readonly kind: 'used'; readonly instances: readonly string[] }

/** An instance on a host; its size is not known while its deployment is not. */
export interface Placed {
  readonly name: string
  readonly size: string | undefined
}

/** The cores of a host in the order in which a picture shows them: those of each instance side by side, shared ones next, free ones last. */
export function coresOf({ cores, freeCores }: HostOfPicture, placed: readonly Placed[]): readonly Core[] {
  const sized = placed.map(({ name, size }) => ({ name, size: size === undefined ? undefined : sizeOf(size) }))
  const own = sized.flatMap(({ name, size }) =>
    size && !size.shared ? Array.from({ length: size.cores }, () => [name]) : [],
  )
  const used = cores - freeCores
  const others = sized.filter(({ size }) => !size || size.shared).map(({ name }) => name)
  // Whoever is left shares what is left, as evenly as it goes.
  const left = Math.max(0, used - own.length)
  const shared = Array.from({ length: left }, (_, at) => others.filter((_, of) => of % left === at))
  return [
    ...[...own, ...shared].slice(0, used).map((instances) => ({ kind: 'used', instances }) as const),
    ...Array.from({ length: freeCores }, () => ({ kind: 'free' }) as const),
  ]
}

/** Hosts by their fault domain, each in the order of its number, then by name with numbers in their order. */
export function byFaultDomain<Host extends HostOfPicture>(
  hosts: readonly Host[],
): readonly { readonly faultDomain: number; readonly hosts: readonly Host[] }[] {
  const domains = Map.groupBy(hosts, ({ faultDomain }) => faultDomain)
  const inOrder = new Intl.Collator('en', { numeric: true })
  return [...domains]
    .map(([faultDomain, of]) => ({ faultDomain, hosts: of.toSorted((a, b) => inOrder.compare(a.name, b.name)) }))
    .toSorted((a, b) => a.faultDomain - b.faultDomain)
}

/** The parts of an instance's key among the hosts: `<deployment ID>.Web_IN_0`. */
export function partsOfKey(key: string): { readonly deploymentId: string; readonly instance: string } {
  const dot = key.indexOf('.')
  return { deploymentId: key.slice(0, dot), instance: key.slice(dot + 1) }
}
