import { own } from '../../kernel/own.ts'
import { type Markup, xml } from '../../kernel/xml.ts'
import type { RoleDefinition, ServiceDefinition } from '../definition.ts'
import { writeModelRole } from './write-model-role.ts'
import { xmlDocument } from './xml-part.ts'

const firstRelease = { generation: 1, functional: 0, release: 0 }

/** The input for the `.rd` besides the definition. */
export interface ServiceModelOptions {
  /** Name of the definition file without `.csdef`. */
  readonly base: string
  /** Role name → file name of its role package. */
  readonly software: Readonly<Record<string, string>>
  /** A guid for the element with that purpose. */
  readonly guid: (purpose: string) => string
}

/** The `.rd`: the definition once more, as ports, channels and maps (package-format.md 2.4). Readers take `role@software` from it. */
export function writeServiceModel(
  definition: ServiceDefinition,
  { base, software, guid }: ServiceModelOptions,
): string {
  const group = `/${definition.name}/${definition.name}Group`
  const each = (element: string, write: (role: RoleDefinition, group: string) => readonly Markup[]) =>
    xml(
      element,
      {},
      definition.roles.flatMap((role) => write(role, group)),
    )
  const component = (role: RoleDefinition) => [
    xml('groupHascomponents', {}, [
      writeModelRole(role, { definition, group, software: own(software, role.name) ?? '' }),
      policyMonikers(role, group),
    ]),
  ]
  const body = xml('group', { name: `${definition.name}Group`, ...firstRelease }, [
    each('componentports', publicPorts),
    each('settings', serviceSettings),
    each('channels', channels),
    each('maps', maps),
    each('components', component),
    xml('sCSPolicy', {}, policies(definition)),
  ])
  return xmlDocument(
    xml(
      'serviceModel',
      {
        name: definition.name,
        ...firstRelease,
        Id: guid('serviceModel'),
        dslVersion: '1.2.0.0',
        xmlns: 'http://schemas.microsoft.com/dsltools/RDSM',
      },
      [xml('groups', {}, body), xml('implements', {}, implementation(definition, base, group, guid))],
    ),
  )
}

function publicPorts(role: RoleDefinition, group: string): readonly Markup[] {
  return role.inputEndpoints.map(({ name, protocol }) =>
    xml(
      'inPort',
      { name: `${role.name}:${name}`, protocol },
      xml('inToChannel', {}, xml('lBChannelMoniker', { name: `${group}/LB:${role.name}:${name}` })),
    ),
  )
}

function serviceSettings(role: RoleDefinition, group: string): readonly Markup[] {
  const setting = (name: string, defaultValue: string) =>
    xml('aCS', { name, defaultValue }, xml('maps', {}, xml('mapMoniker', { name: `${group}/Map${name}` })))
  return [
    ...role.certificates.map(({ name }) => setting(`Certificate|${role.name}:${name}`, '')),
    ...role.settings.map((name) => setting(`${role.name}:${name}`, '')),
    setting(`${role.name}Instances`, '[1,1,1]'),
  ]
}

function channels(role: RoleDefinition, group: string): readonly Markup[] {
  const channel = (element: string, prefix: string, name: string) =>
    xml(
      element,
      { name: `${prefix}:${role.name}:${name}` },
      xml('toPorts', {}, xml('inPortMoniker', { name: `${group}/${role.name}/${name}` })),
    )
  return [
    ...role.instanceInputEndpoints.map(({ name }) => channel('sFSwitchChannel', 'IE', name)),
    ...role.inputEndpoints.map(({ name }) => channel('lBChannel', 'LB', name)),
    ...role.internalEndpoints.map(({ name }) => channel('sFSwitchChannel', 'SW', name)),
  ]
}

function maps(role: RoleDefinition, group: string): readonly Markup[] {
  const map = (name: string, element: string, moniker: string, target: string) =>
    xml('map', { name: `Map${name}`, kind: 'Identity' }, xml(element, {}, xml(moniker, { name: `${group}/${target}` })))
  return [
    ...role.certificates.map(({ name }) =>
      map(`Certificate|${role.name}:${name}`, 'certificate', 'certificateMoniker', `${role.name}/${name}`),
    ),
    ...role.settings.map((name) => map(`${role.name}:${name}`, 'setting', 'aCSMoniker', `${role.name}/${name}`)),
    map(`${role.name}Instances`, 'setting', 'sCSPolicyIDMoniker', `${role.name}Instances`),
  ]
}

function policyMonikers({ name }: RoleDefinition, group: string): Markup {
  return xml('sCSPolicy', {}, [
    xml('sCSPolicyIDMoniker', { name: `${group}/${name}Instances` }),
    xml('sCSPolicyUpdateDomainMoniker', { name: `${group}/${name}UpgradeDomains` }),
    xml('sCSPolicyFaultDomainMoniker', { name: `${group}/${name}FaultDomains` }),
  ])
}

function policies({ roles, upgradeDomainCount }: ServiceDefinition): readonly Markup[] {
  const three = (value: number) => `[${value},${value},${value}]`
  const policy = (element: string, ending: string, value: number) =>
    roles.map(({ name }) => xml(element, { name: `${name}${ending}`, defaultPolicy: three(value) }))
  return [
    ...policy('sCSPolicyUpdateDomain', 'UpgradeDomains', upgradeDomainCount),
    ...policy('sCSPolicyFaultDomain', 'FaultDomains', 2),
    ...policy('sCSPolicyID', 'Instances', 1),
  ]
}

function implementation(
  { name: service, roles }: ServiceDefinition,
  base: string,
  group: string,
  guid: (purpose: string) => string,
): Markup {
  const contract = 'Microsoft.RedDog.Contract'
  const references = roles.flatMap((role) =>
    role.inputEndpoints.map((endpoint) => {
      const name = `${role.name}:${endpoint.name}`
      return xml(
        'interfaceReference',
        { Id: guid(`interface ${name}`), ref: `${contract}\\Interface\\${name}@${base}` },
        xml('inPort', {}, xml('inPortMoniker', { name: `${group}/${name}` })),
      )
    }),
  )
  return xml(
    'implementation',
    { Id: guid('implementation'), ref: `${contract}\\ServiceContract\\${service}Contract@${base}` },
    xml('interfacereferences', {}, references),
  )
}
