import type { Instance } from '../../../service-management/answers.ts'

/** An endpoint that the world can reach. */
export interface InputEndpoint {
  readonly role: string
  readonly name: string
  readonly protocol: string
  readonly vip: string | undefined
  /** The real ones, lowest first: one, or one for each instance where each has its own. */
  readonly ports: readonly number[]
  /** Names of the instances behind it. */
  readonly instances: readonly string[]
}

/** In the order of the deployment. */
export function inputEndpointsOf(instances: readonly Instance[]): readonly InputEndpoint[] {
  const reached = instances.flatMap((instance) =>
    instance.endpoints.flatMap(({ name, protocol, vip, publicPort }) =>
      publicPort === undefined
        ? []
        : [{ role: instance.role, name, protocol, vip, publicPort, instance: instance.name }],
    ),
  )
  const groups = Map.groupBy(reached, ({ role, name }) => JSON.stringify([role, name]))
  return [...groups.values()].flatMap((members) => {
    const [first] = members
    if (!first) return []
    const { role, name, protocol, vip } = first
    const ports = [...new Set(members.map(({ publicPort }) => publicPort))].sort((a, b) => a - b)
    return [{ role, name, protocol, vip, ports, instances: members.map(({ instance }) => instance) }]
  })
}
