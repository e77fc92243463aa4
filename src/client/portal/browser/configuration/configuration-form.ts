import { child, childrenOf, type Element, parseXml, XmlError } from '../../../../kernel/xml.ts'
import { longestDocument } from '../../../../service-model/document/bounds.ts'
import type { ConfigurationChanges } from '../../../../service-model/write-configuration.ts'

/** What the form shows of a .cscfg: values as they are written, right or wrong. */
export interface ConfigurationForm {
  readonly serviceName: string
  readonly osFamily: Value
  readonly osVersion: Value
  readonly roles: readonly RoleForm[]
}

export interface RoleForm {
  readonly name: string
  /** Undefined when the role has no Instances. */
  readonly instances: Value | undefined
  readonly settings: readonly NamedValue[]
  readonly certificates: readonly NamedValue[]
}

export interface Value {
  readonly value: string
  /** Line of its element, from 1. */
  readonly line: number
}

export interface NamedValue extends Value {
  readonly name: string
}

/** Reads what can be shown as a form; undefined when it is no XML of a service configuration. */
export function configurationForm(source: string): ConfigurationForm | undefined {
  const root = rootOf(source)
  if (root?.local !== 'ServiceConfiguration') return undefined
  return {
    serviceName: root.attributes['serviceName'] ?? '',
    osFamily: valueOf(root, 'osFamily'),
    osVersion: valueOf(root, 'osVersion'),
    roles: childrenOf(root, 'Role').map(roleForm),
  }
}

function rootOf(source: string): Element | undefined {
  if (source.length > longestDocument) return undefined
  try {
    return parseXml(source)
  } catch (error) {
    if (error instanceof XmlError) return undefined
    throw error
  }
}

function roleForm(role: Element): RoleForm {
  const instances = child(role, 'Instances')
  return {
    name: role.attributes['name'] ?? '',
    instances: instances && valueOf(instances, 'count'),
    settings: named(role, 'ConfigurationSettings', 'Setting', 'value'),
    certificates: named(role, 'Certificates', 'Certificate', 'thumbprint'),
  }
}

function named(role: Element, container: string, local: string, attribute: string): readonly NamedValue[] {
  return childrenOf(child(role, container), local).map((element) => ({
    name: element.attributes['name'] ?? '',
    ...valueOf(element, attribute),
  }))
}

function valueOf({ attributes, line }: Element, attribute: string): Value {
  return { value: attributes[attribute] ?? '', line }
}

/** A value of the form. */
export type Place =
  | { readonly what: 'osFamily' | 'osVersion' }
  | { readonly what: 'instances'; readonly role: string }
  | { readonly what: 'setting' | 'certificate'; readonly role: string; readonly name: string }

/** The change that writes a value of the form. */
export function changeAt(place: Place, value: string): ConfigurationChanges {
  switch (place.what) {
    case 'osFamily':
    case 'osVersion':
      return { [place.what]: value }
    case 'instances':
      return { roles: new Map([[place.role, { instances: value }]]) }
    case 'setting':
      return { roles: new Map([[place.role, { settings: new Map([[place.name, value]]) }]]) }
    case 'certificate':
      return { roles: new Map([[place.role, { certificates: new Map([[place.name, value]]) }]]) }
  }
}
