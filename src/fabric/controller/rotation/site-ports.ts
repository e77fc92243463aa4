import { own } from '../../../kernel/own.ts'
import type { Site } from '../../../service-model/definition.ts'
import type { InstanceRecord } from '../state/records/instance.ts'

/** Local ports of an instance at which the listener of its sites answers (I-10, I-12), for any endpoint that leads there: several may share one. */
export function sitePorts(sites: readonly Site[], { ports }: InstanceRecord): ReadonlySet<number> {
  const bound = sites.flatMap(({ bindings }) => bindings.map(({ endpointName }) => own(ports, endpointName)?.first))
  return new Set(bound.filter((port) => port !== undefined))
}
