import { group, optionalAttribute, optionalGroup } from '../../kernel/document/parts.ts'
import { record } from '../../kernel/document/record.ts'
import { count, scalar, text } from '../../kernel/document/scalars.ts'
import { instanceNamespace, optional } from '../../kernel/document/tag.ts'
import { readDocument, writeDocument } from './document.ts'

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

/** Longest Description, in UTF-8 bytes; a longer one is cut, not refused (H-2). */
const descriptionLimitBytes = 4096

/** Longest SubStatus: a word of table T-1. */
const subStatusLimit = 100

const namespaces = {
  'xmlns:xsi': instanceNamespace,
  'xmlns:xsd': 'http://www.w3.org/2001/XMLSchema',
}

/** A report of any agent: a State that is not ours counts as NotReady. */
const state = scalar<Health['state']>(
  'State',
  String,
  (found) => (found === 'Ready' || found === 'Stopped' ? found : 'NotReady'),
  'a state',
  ['Ready', 'NotReady', 'Stopped'],
)

const subStatus = scalar('SubStatus', String, (found) => found.slice(0, subStatusLimit), 'a word')

const sentence = (name: string) => scalar(name, cut, cut, 'a sentence')

export const healthTag = record(
  'Health',
  {
    goalStateIncarnation: count('GoalStateIncarnation'),
    container: group('Container', {
      containerId: text('ContainerId'),
      roles: group('RoleInstanceList', {
        role: group('Role', {
          instanceId: text('InstanceId'),
          health: group('Health', {
            state,
            details: optionalGroup('Details', {
              failures: optionalAttribute(count('failures')),
              prepared: optionalAttribute(text('prepared')),
              prepareFault: optionalAttribute(sentence('prepareFault')),
              subStatus: optional(subStatus),
              description: optional(sentence('Description')),
            }),
          }),
        }),
      }),
    }),
  },
  namespaces,
)

export function writeHealth(health: Health): string {
  return writeDocument(healthTag, health)
}

/** Throws XmlError when it is no health report. */
export function readHealth(source: string): Health {
  const { prepared, ...health } = readDocument(healthTag, source)
  return { ...health, prepared: prepared !== undefined && isHash(prepared) ? prepared : undefined }
}

/** A SHA-256 in hexadecimal digits; anything else is nothing that was asked for. */
function isHash(text: string): boolean {
  return /^[\da-f]{64}$/i.test(text)
}

function cut(description: string): string {
  const bytes = new TextEncoder().encode(description)
  if (bytes.length <= descriptionLimitBytes) return description
  // In stream mode the decoder holds back a character that the cut has split.
  return new TextDecoder().decode(bytes.subarray(0, descriptionLimitBytes), { stream: true })
}
