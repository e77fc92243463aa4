import type {
  InputEndpoint,
  InstanceInputEndpoint,
  InternalEndpoint,
  PortRange,
  RoleDefinition,
  ServiceDefinition,
} from './definition.ts'

/** Where the fabric picks dynamic local ports (A-25; decision 4 of design.md 9). */
export const dynamicPorts: PortRange = { min: 20_000, max: 29_999 }

/** An endpoint of one instance with the ports that the definition settles. */
export interface PlannedEndpoint {
  readonly name: string
  readonly kind: 'input' | 'internal' | 'instanceInput'
  readonly protocol: InputEndpoint['protocol'] | InternalEndpoint['protocol']
  /** Absent on internal endpoints and on those of an internal load balancer. */
  readonly publicPort?: number | undefined
  /** `dynamic`: the fabric picks one of `dynamicPorts`. The first port of a range. */
  readonly localPort: number | 'dynamic'
  /** Every local port of an internal endpoint with fixed ports. */
  readonly range?: PortRange | undefined
  readonly certificate?: string | undefined
}

/**
 * The endpoints of instance `index` of a role: input, internal, instance input, each in the order of the definition.
 * Instance n takes the n-th port of an instance input range.
 */
export function planPorts(role: RoleDefinition, index: number): readonly PlannedEndpoint[] {
  return [
    ...role.inputEndpoints.map(planInput),
    ...role.internalEndpoints.map(planInternal),
    ...role.instanceInputEndpoints.map((endpoint) => planInstanceInput(endpoint, index)),
  ]
}

function planInput(endpoint: InputEndpoint): PlannedEndpoint {
  const { name, protocol, port, localPort, certificate, loadBalancer } = endpoint
  return {
    name,
    kind: 'input',
    protocol,
    ...(!loadBalancer && { publicPort: port }),
    localPort: localPort === '*' ? 'dynamic' : localPort,
    ...(certificate && { certificate }),
  }
}

function planInternal({ name, protocol, range }: InternalEndpoint): PlannedEndpoint {
  return { name, kind: 'internal', protocol, localPort: range?.min ?? 'dynamic', ...(range && { range }) }
}

function planInstanceInput(endpoint: InstanceInputEndpoint, index: number): PlannedEndpoint {
  const { name, protocol, localPort, publicPorts } = endpoint
  return { name, kind: 'instanceInput', protocol, publicPort: publicPorts.min + index, localPort }
}

/** What the VIP answers (L-16): a port of an input endpoint, or the range of an instance input endpoint. */
export type PublicEndpoint = {
  readonly roleName: string
  readonly name: string
  readonly transport: 'tcp' | 'udp'
  readonly ports: PortRange
} & (
  | { readonly kind: 'input'; readonly endpoint: InputEndpoint }
  | { readonly kind: 'instanceInput'; readonly endpoint: InstanceInputEndpoint }
)

/** Every public endpoint of the service, role by role; those behind an internal load balancer are not public (2.4). */
export function publicEndpoints(definition: Pick<ServiceDefinition, 'roles'>): readonly PublicEndpoint[] {
  return definition.roles.flatMap((role) => [
    ...role.inputEndpoints
      .filter((endpoint) => !endpoint.loadBalancer)
      .map((endpoint) => publicInput(role.name, endpoint)),
    ...role.instanceInputEndpoints.map((endpoint) => publicInstanceInput(role.name, endpoint)),
  ])
}

function publicInput(roleName: string, endpoint: InputEndpoint): PublicEndpoint {
  const { name, protocol, port } = endpoint
  const transport = protocol === 'udp' ? 'udp' : 'tcp'
  return { roleName, name, transport, ports: { min: port, max: port }, kind: 'input', endpoint }
}

function publicInstanceInput(roleName: string, endpoint: InstanceInputEndpoint): PublicEndpoint {
  const { name, protocol, publicPorts } = endpoint
  return { roleName, name, transport: protocol, ports: publicPorts, kind: 'instanceInput', endpoint }
}
