import { fine, type Result, refused } from '../kernel/fault.ts'
import { own } from '../kernel/own.ts'
import type { RoleDefinition } from './definition.ts'
import { diagnosticStore } from './diagnostic-store.ts'
import type { RoleEnvironment } from './role-environment.ts'
import { spelledAmong } from './spelling.ts'

/** The value that an xpath of the closed list of 2.14 (S-32) selects. */
type Query =
  | { readonly of: 'Deployment' | 'CurrentInstance'; readonly attribute: string; readonly name?: undefined }
  | {
      readonly of: 'ConfigurationSetting' | 'LocalResource' | 'Endpoint'
      readonly name: string
      readonly attribute: string
    }

/** The query of an xpath, single or double quotes and spaces tolerated; undefined when it is not of the closed list. */
export function parseXpath(xpath: string): Query | undefined {
  const compact = xpath.replace(/("[^"]*"|'[^']*')|\s+/g, '$1')
  const [, of, attribute = ''] = /^\/RoleEnvironment\/(Deployment|CurrentInstance)\/@(\w+)$/.exec(compact) ?? []
  if (of === 'Deployment' || of === 'CurrentInstance')
    return attributes[of].includes(attribute) ? { of, attribute } : undefined
  const [, container, item, quoted = '', inner = ''] =
    /^\/RoleEnvironment\/CurrentInstance\/(\w+)\/(\w+)\[@name=("[^"]*"|'[^']*')\]\/@(\w+)$/.exec(compact) ?? []
  if (item !== 'ConfigurationSetting' && item !== 'LocalResource' && item !== 'Endpoint') return undefined
  return container === `${item}s` && attributes[item].includes(inner)
    ? { of: item, name: quoted.slice(1, -1), attribute: inner }
    : undefined
}

const attributes: Readonly<Record<Query['of'], readonly string[]>> = {
  Deployment: ['id', 'emulated'],
  CurrentInstance: ['id', 'roleName', 'updateDomain', 'faultDomain'],
  ConfigurationSetting: ['value'],
  LocalResource: ['path', 'sizeInMB'],
  Endpoint: ['address', 'port', 'protocol', 'publicPort'],
}

/** What is wrong with an xpath, in one sentence. Fatal: it is not of the closed list; otherwise it names something that the role does not have. */
export interface Objection {
  readonly isFatal: boolean
  readonly text: string
}

/** Why an xpath has no value in a role; undefined when it has one. The role's plug-ins are expanded. */
export function checkXpath(xpath: string, role: RoleDefinition): Objection | undefined {
  const query = parseXpath(xpath)
  if (!query) return { isFatal: true, text: outsideTheList(xpath) }
  if (query.name === undefined) return undefined
  const names = namesIn(role, query)
  return names.has(query.name) ? undefined : { isFatal: false, text: notFound(xpath, query.of, query.name, names) }
}

function namesIn(role: RoleDefinition, query: Query): ReadonlySet<string> {
  if (query.of === 'ConfigurationSetting') return new Set(role.settings)
  if (query.of === 'LocalResource')
    return new Set([...role.localResources, diagnosticStore].map((resource) => resource.name))
  // An internal endpoint has no public port.
  const internal = query.attribute === 'publicPort' ? [] : role.internalEndpoints
  return new Set([...role.inputEndpoints, ...internal, ...role.instanceInputEndpoints].map((endpoint) => endpoint.name))
}

/** The value of an xpath in a role environment; undefined when it selects nothing, refused when it is outside the closed list (2.14). */
export function evaluateXpath(xpath: string, environment: RoleEnvironment): Result<string | undefined> {
  const query = parseXpath(xpath)
  if (!query) return refused('BadRequest', outsideTheList(xpath))
  const value = lookUp(query, environment)?.[query.attribute]
  return fine(value === undefined ? undefined : String(value))
}

type Attributes = Readonly<Record<string, string | number | boolean | undefined>>

function lookUp(query: Query, { deploymentId, emulated, currentInstance }: RoleEnvironment): Attributes | undefined {
  const { id, roleName, updateDomain, faultDomain, settings, localResources, endpoints } = currentInstance
  switch (query.of) {
    case 'Deployment':
      return { id: deploymentId, emulated }
    case 'CurrentInstance':
      return { id, roleName, updateDomain, faultDomain }
    case 'ConfigurationSetting':
      return { value: own(settings, query.name) }
    case 'LocalResource':
      return plain(localResources.find((resource) => resource.name === query.name))
    case 'Endpoint':
      return plain(endpoints.find((endpoint) => endpoint.name === query.name))
  }
}

function plain(found: object | undefined): Attributes | undefined {
  return found && { ...found }
}

function outsideTheList(xpath: string): string {
  return `the xpath ${xpath} is not one of the expressions that a RoleInstanceValue may use; see service-model.md 2.14.`
}

function notFound(xpath: string, of: Query['of'], name: string, names: ReadonlySet<string>): string {
  const known = names.size > 0 ? `; there are ${[...names].join(', ')}` : ''
  return `the xpath ${xpath} asks for the ${of} ${name}, which the role does not have${known}.${spelledAmong(name, names)}`
}
