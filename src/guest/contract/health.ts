import type { Element } from '../../kernel/xml.ts'
import { child, childText, parseXml, xml } from '../../kernel/xml.ts'
import { decimal, requiredChild, requiredText, writeDocument } from './document.ts'

/** A health report (wire-server.md 9). */
export interface Health {
  readonly goalStateIncarnation: number
  readonly containerId: string
  readonly instanceId: string
  readonly state: 'Ready' | 'NotReady' | 'Stopped'
  readonly subStatus?: string | undefined
  readonly description?: string | undefined
  /** Reddog's own agent: exits of the host stack in a row (H-14); travels as an attribute `failures` of Details. */
  readonly failures?: number | undefined
  /** Reddog's own agent: SHA-256 of the package whose next role root stands whole on the free letter; an attribute too. */
  readonly prepared?: string | undefined
  /** Reddog's own agent: why a role root cannot be unpacked now, in one sentence; an attribute too. */
  readonly prepareFault?: string | undefined
}

/** Longest Description, in UTF-8 bytes; what is longer is cut, not refused (H-2). */
const descriptionLimitBytes = 4096

/** Longest SubStatus: a word of table T-1. */
const subStatusLimit = 100

const namespaces = {
  'xmlns:xsi': 'http://www.w3.org/2001/XMLSchema-instance',
  'xmlns:xsd': 'http://www.w3.org/2001/XMLSchema',
}

export function writeHealth(health: Health): string {
  const state = xml('State', {}, health.state)
  const role = [xml('InstanceId', {}, health.instanceId), xml('Health', {}, [state, details(health)])]
  return writeDocument(
    xml('Health', namespaces, [
      xml('GoalStateIncarnation', {}, health.goalStateIncarnation),
      xml('Container', {}, [
        xml('ContainerId', {}, health.containerId),
        xml('RoleInstanceList', {}, xml('Role', {}, role)),
      ]),
    ]),
  )
}

function details({ subStatus, description, failures, prepared, prepareFault }: Health) {
  const own = { failures, prepared, prepareFault: prepareFault && cut(prepareFault) }
  const said = [subStatus, description, ...Object.values(own)]
  if (said.every((value) => value === undefined)) return undefined
  return xml('Details', own, [
    subStatus === undefined ? undefined : xml('SubStatus', {}, subStatus),
    description === undefined ? undefined : xml('Description', {}, cut(description)),
  ])
}

/** A report of any agent: a State that is not ours counts as NotReady. Throws XmlError when it is no health report. */
export function readHealth(source: string): Health {
  const root = parseXml(source)
  const container = requiredChild(root, 'Container')
  const role = requiredChild(requiredChild(container, 'RoleInstanceList'), 'Role')
  const health = requiredChild(role, 'Health')
  const found = child(health, 'Details')
  const description = childText(found, 'Description')
  return {
    goalStateIncarnation: decimal(requiredText(root, 'GoalStateIncarnation'), root),
    containerId: requiredText(container, 'ContainerId'),
    instanceId: requiredText(role, 'InstanceId'),
    state: stateOf(requiredText(health, 'State')),
    subStatus: childText(found, 'SubStatus')?.slice(0, subStatusLimit),
    description: cutIfAny(description),
    failures: failuresOf(found),
    prepared: preparedOf(found?.attributes['prepared']),
    prepareFault: cutIfAny(found?.attributes['prepareFault']),
  }
}

function stateOf(text: string): Health['state'] {
  return text === 'Ready' || text === 'Stopped' ? text : 'NotReady'
}

function failuresOf(found: Element | undefined): number | undefined {
  const text = found?.attributes['failures']
  return found && text !== undefined ? decimal(text, found) : undefined
}

/** A SHA-256 in hexadecimal digits; anything else is nothing that was asked for. */
function preparedOf(text: string | undefined): string | undefined {
  return text !== undefined && /^[\da-f]{64}$/i.test(text) ? text : undefined
}

function cutIfAny(text: string | undefined): string | undefined {
  return text === undefined ? undefined : cut(text)
}

function cut(description: string): string {
  const bytes = new TextEncoder().encode(description)
  if (bytes.length <= descriptionLimitBytes) return description
  // In stream mode the decoder holds back a character that the cut has split.
  return new TextDecoder().decode(bytes.subarray(0, descriptionLimitBytes), { stream: true })
}
